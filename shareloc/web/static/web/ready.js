// Says early that scripts run, so that the menu is folded before it is first drawn.
document.documentElement.classList.add("js");
