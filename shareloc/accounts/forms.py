"""Forms about people and organisations."""

from allauth.account.forms import SignupForm as BaseSignupForm


class SignupForm(BaseSignupForm):
    """Sign-up with an e-mail address and a password."""
