"""Schools, spaces and equipment as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .gazetteer import Kind, Suggestion
from .models import EquipmentPool, Feature, PriceRule, School, Space, SpacePhoto
from .models.photo import photo_url
from .nearby import Near


class PageField(serializers.URLField):
    """The address of the page about what is shown, absolute."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return self.context["request"].build_absolute_uri(value.get_absolute_url())


class SchoolRefSerializer(serializers.ModelSerializer[School]):
    """Which school something belongs to."""

    class Meta:
        model = School
        fields = ("uai", "name", "commune")
        read_only_fields = fields


class SchoolSerializer(serializers.ModelSerializer[School]):
    """A school in a list."""

    url = PageField(help_text="Page du lycée.")

    class Meta:
        model = School
        fields: tuple[str, ...] = (
            "uai",
            "name",
            "kind",
            "address",
            "postcode",
            "commune",
            "department",
            "department_name",
            "latitude",
            "longitude",
            "url",
        )
        read_only_fields = fields


class NearSchoolSerializer(SchoolSerializer):
    """A school found, and how far it is from the point asked."""

    distance_km = serializers.FloatField(
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Distance au point `near` ; null si aucun n’est donné.",
    )

    class Meta(SchoolSerializer.Meta):
        fields = (*SchoolSerializer.Meta.fields, "distance_km")
        read_only_fields = fields

    def to_representation(self, instance: School | Near) -> dict[str, Any]:
        school, km = instance if isinstance(instance, Near) else (instance, None)
        return {**super().to_representation(school), "distance_km": rounded(km)}


def rounded(km: float | None) -> float | None:
    """Kilometres to ten metres."""
    return None if km is None else round(km, 2)


class PlaceSerializer(serializers.Serializer[Suggestion]):
    """A place offered: what to put into the `q` of a search, and where it is."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    value = serializers.CharField(
        read_only=True, help_text="À donner tel quel au paramètre `q` de `spaces/`."
    )
    kind = serializers.ChoiceField(choices=Kind.choices, read_only=True)
    latitude = serializers.FloatField(read_only=True, allow_null=True)
    longitude = serializers.FloatField(read_only=True, allow_null=True)
    approximate = serializers.BooleanField(
        source="is_approximate",
        read_only=True,
        help_text="Position juste à quelques kilomètres près seulement.",
    )


class PoolSerializer(serializers.ModelSerializer[EquipmentPool]):
    """Equipment that a school lends, with the number to ask for it by."""

    kind = serializers.SlugField(source="kind.slug", read_only=True)
    name = serializers.CharField(source="kind.name", read_only=True)
    quantity = serializers.IntegerField(read_only=True, help_text="Combien le lycée en possède.")

    class Meta:
        model = EquipmentPool
        fields = ("id", "kind", "name", "description", "quantity", "notice_hours")
        read_only_fields = fields


def pools_of(school: School) -> list[dict[str, Any]]:
    """The equipment this school lends, as the API shows it: one statement."""
    pools = EquipmentPool.objects.published().of_school(school)
    return list(PoolSerializer(pools, many=True).data)


class SchoolDetailSerializer(SchoolSerializer):
    """Everything the public knows of a school."""

    # Plain text: empty where the annuaire has none.
    email = serializers.CharField(read_only=True)
    website = serializers.CharField(read_only=True)
    equipment = serializers.SerializerMethodField(
        help_text="Matériel que le lycée prête, seul ou avec une salle."
    )

    class Meta(SchoolSerializer.Meta):
        fields = (
            *SchoolSerializer.Meta.fields,
            "phone",
            "email",
            "website",
            "closed_on",
            "answer_days",
            "access_notes",
            "lending_contact",
            "equipment",
        )
        read_only_fields = fields

    @extend_schema_field(PoolSerializer(many=True))
    def get_equipment(self, school: School) -> list[dict[str, Any]]:
        return pools_of(school)


class CoverSerializer(serializers.Serializer[dict[str, Any]]):
    """The photo of a space that lists show, 480 points wide or high."""

    url = serializers.URLField(read_only=True)
    alt = serializers.CharField(read_only=True, help_text="Ce que montre la photo.")
    width = serializers.IntegerField(read_only=True)
    height = serializers.IntegerField(read_only=True)


class PhotoSerializer(serializers.ModelSerializer[SpacePhoto]):
    """A photo of a space, 1600 points wide or high, and its small version."""

    url = PageField(help_text="La photo.")
    small_url = serializers.SerializerMethodField(help_text="La même, en petit.")

    class Meta:
        model = SpacePhoto
        fields = ("url", "small_url", "alt", "width", "height")
        read_only_fields = fields

    def get_small_url(self, photo: SpacePhoto) -> str:
        return self.context["request"].build_absolute_uri(photo.small_url)


def cover_of(space: Space, *, base: str) -> dict[str, Any] | None:
    """The first photo of a space loaded `with_cover`, `base` being the site's address."""
    cover = space.cover  # type: ignore[attr-defined]
    if cover is None:
        return None
    address = base + photo_url(cover["token"], SpacePhoto.SMALL)
    return {"url": address, "alt": cover["alt"], "width": cover["width"], "height": cover["height"]}


class SpaceSerializer(serializers.ModelSerializer[Space]):
    """A space in a list. Its school and features are loaded with it (`with_page_details`)."""

    school = SchoolRefSerializer(read_only=True)
    features = serializers.SlugRelatedField[Feature](many=True, read_only=True, slug_field="slug")
    is_free_of_charge = serializers.BooleanField(read_only=True)
    photo = serializers.SerializerMethodField(help_text="La première photo de la salle, s’il y en a.")
    url = PageField(help_text="Page de la salle.")

    class Meta:
        model = Space
        fields: tuple[str, ...] = (
            "id",
            "name",
            "kind",
            "capacity",
            "step_free",
            "features",
            "school",
            "hourly_rate",
            "is_free_of_charge",
            "is_demo",
            "photo",
            "url",
        )
        read_only_fields = fields

    @extend_schema_field(CoverSerializer(allow_null=True))
    def get_photo(self, space: Space) -> dict[str, Any] | None:
        return cover_of(space, base=self.context["request"].build_absolute_uri("/").rstrip("/"))


def listed(space: Space, *, base: str) -> dict[str, Any]:
    """What SpaceSerializer says of a space loaded with `listed`, `base` being the site's address.

    Lists of spaces are what programs ask for most, and the serializer's fields cost more than the rows.
    """
    school, slugs = space.school, space.feature_slugs  # type: ignore[attr-defined]
    return {
        "id": space.pk,
        "name": space.name,
        "kind": space.kind,
        "capacity": space.capacity,
        "step_free": space.step_free,
        "features": slugs.split(",") if slugs else [],
        "school": {"uai": school.uai, "name": school.name, "commune": school.commune},
        "hourly_rate": f"{space.hourly_rate:.2f}",
        "is_free_of_charge": space.is_free_of_charge,
        "is_demo": space.is_demo,
        "photo": cover_of(space, base=base),
        "url": base + space.get_absolute_url(),
    }


class PriceSerializer(serializers.ModelSerializer[PriceRule]):
    """What one kind of organisation pays for a space."""

    organisation_kind = serializers.CharField(
        read_only=True, help_text="Nature d’organisme ; vide : toutes celles qui n’ont pas leur tarif."
    )

    class Meta:
        model = PriceRule
        fields = ("organisation_kind", "basis", "amount", "free_ground")
        read_only_fields = fields


class SpaceDetailSerializer(SpaceSerializer):
    """Everything about a space: how it is lent, and what equipment can be asked for with it."""

    open_to = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Natures d’organismes admises ; vide : toutes.",
    )
    prices = PriceSerializer(
        source="price_rules",
        many=True,
        read_only=True,
        help_text="Tarifs particuliers ; qui n’en a pas paie `hourly_rate`.",
    )
    photos = serializers.SerializerMethodField(help_text="Toutes les photos de la salle, dans leur ordre.")
    equipment = serializers.SerializerMethodField(
        help_text="Matériel du lycée qui peut être demandé avec la salle."
    )

    class Meta(SpaceSerializer.Meta):
        fields = (
            *SpaceSerializer.Meta.fields,
            "photos",
            "description",
            "area",
            "location",
            "published",
            "min_minutes",
            "max_minutes",
            "step_minutes",
            "setup_minutes",
            "cleanup_minutes",
            "notice_hours",
            "horizon_days",
            "cancellation_hours",
            "hourly_value",
            "deposit",
            "prices",
            "needs_insurance",
            "needs_verified",
            "open_to",
            "equipment",
        )
        read_only_fields = fields

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, space: Any) -> list[Any]:
        """Without a cover there is none to read."""
        return list(
            PhotoSerializer(space.photos.all() if space.cover else [], many=True, context=self.context).data
        )

    @extend_schema_field(PoolSerializer(many=True))
    def get_equipment(self, space: Space) -> list[dict[str, Any]]:
        return pools_of(space.school)
