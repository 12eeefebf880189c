"""Which made-up rooms and equipment a lycée gets: plausible for its kind, the same for the same seed. Pure.

Every number here is an invention for the demonstration, never a fact about a school.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

NOTICE = "Salle fictive, donnée de démonstration."
FEWEST, MOST = 6, 40


@dataclass(frozen=True)
class Room:
    """A space to be made. `parts` names its units; spaces that name the same part share it."""

    kind: str
    name: str
    capacity: int
    area: int
    location: str = ""
    step_free: bool = True
    features: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    hourly_rate: int = 0
    hourly_value: int = 8
    setup: int = 0
    cleanup: int = 0
    notice_hours: int = 48
    min_minutes: int = 60
    max_minutes: int = 12 * 60
    needs_verified: bool = False
    about: str = ""

    @property
    def description(self) -> str:
        return f"{NOTICE} {self.about}".strip()

    @property
    def units(self) -> tuple[str, ...]:
        return self.parts or (self.name,)


class Model(NamedTuple):
    """What rooms of one kind look like: bounds of the capacity, m² a person, likely features, value."""

    people: tuple[int, int]
    space_each: float
    features: dict[str, float]
    value: int
    about: str
    paid: float = 0.1
    cleanup: int = 0


MODELS = {
    "classroom": Model(
        (24, 36), 1.9, {"videoprojecteur": 0.8, "wifi": 0.6, "tableau-interactif": 0.25, "evier": 0.1}, 6,
        "Tables et chaises mobiles, tableau blanc.",
    ),
    "amphitheatre": Model(
        (90, 320), 1.2,
        {"videoprojecteur": 1, "ecran": 1, "sonorisation": 0.9, "gradins": 1, "scene": 0.6,
         "boucle-magnetique": 0.5, "regie": 0.4, "salle-obscurcie": 0.7, "sanitaires": 0.8},
        40, "Sièges fixes en gradins, pupitre d’orateur.", 0.4, 30,
    ),
    "gymnasium": Model(
        (80, 300), 5.0,
        {"vestiaires": 1, "douches": 0.9, "sanitaires": 0.8, "paniers-basket": 0.9, "buts": 0.8,
         "mur-escalade": 0.25, "parquet": 0.3, "local-rangement": 0.7},
        30, "Chaussures de salle obligatoires.", 0.25, 15,
    ),
    "hall": Model(
        (60, 200), 1.6,
        {"sonorisation": 0.6, "scene": 0.4, "parquet": 0.3, "piano": 0.15, "videoprojecteur": 0.6,
         "cuisine-attenante": 0.3, "sanitaires": 0.8, "local-rangement": 0.4, "wifi": 0.6},
        25, "Salle modulable, chaises empilables.", 0.3, 30,
    ),
    "library": Model(
        (30, 80), 3.0, {"wifi": 0.9, "ordinateurs": 0.8, "videoprojecteur": 0.4}, 15,
        "Les collections restent en place.",
    ),
    "canteen": Model(
        (120, 450), 1.6, {"sonorisation": 0.2, "sanitaires": 0.9, "cuisine-attenante": 0.6}, 30,
        "Tables fixes pour une partie de la salle.", 0.35, 60,
    ),
    "kitchen": Model(
        (12, 20), 4.5, {"four": 1, "chambre-froide": 0.9, "evier": 1, "hotte": 1}, 35,
        "Règles d’hygiène à suivre, vêtements de travail à apporter.", 0.5, 60,
    ),
    "workshop": Model(
        (12, 24), 6.0, {"machines-outils": 0.8, "evier": 0.5, "wifi": 0.3, "local-rangement": 0.6}, 28,
        "Les machines ne s’emploient qu’avec un encadrement habilité.", 0.4, 30,
    ),
    "laboratory": Model(
        (18, 28), 3.0, {"paillasses": 1, "evier": 1, "hotte": 0.6, "videoprojecteur": 0.7}, 18,
        "Sans produits ni verrerie.", 0.2, 15,
    ),
    "computer_room": Model(
        (16, 32), 2.2, {"ordinateurs": 1, "wifi": 0.8, "videoprojecteur": 0.9}, 20,
        "Un poste par personne, comptes d’invités.", 0.2,
    ),
    "sports_ground": Model(
        (40, 250), 20.0, {"buts": 0.9, "eclairage": 0.6, "vestiaires": 0.7, "douches": 0.5}, 20,
        "Terrain extérieur, usage selon la météo.", 0.2,
    ),
    "car_park": Model(
        (40, 200), 12.5, {"eclairage": 0.8, "borne-recharge": 0.2}, 10,
        "Pour une manifestation, une brocante ou les véhicules des participants.", 0.2,
    ),
    "boarding_room": Model(
        (2, 4), 7.0, {"douches": 0.7, "wifi": 0.6}, 4, "À la nuit, pendant les vacances. Draps non fournis.", 0.9, 60,
    ),
}  # fmt: skip

# For a kind of lycée: the chance of having each room that comes once, then how many of those that come in numbers.
ONCE = {
    "general_technological": {
        "gymnasium": 0.9, "amphitheatre": 0.65, "hall": 0.6, "library": 0.9, "canteen": 0.75,
        "sports_ground": 0.45, "car_park": 0.5, "kitchen": 0.15,
    },
    "vocational": {
        "gymnasium": 0.8, "amphitheatre": 0.25, "hall": 0.6, "library": 0.85, "canteen": 0.7,
        "sports_ground": 0.3, "car_park": 0.5, "kitchen": 0.4,
    },
    "polyvalent": {
        "gymnasium": 0.95, "amphitheatre": 0.6, "hall": 0.7, "library": 0.9, "canteen": 0.8,
        "sports_ground": 0.5, "car_park": 0.6, "kitchen": 0.35,
    },
    "agricultural": {
        "gymnasium": 0.7, "amphitheatre": 0.5, "hall": 0.8, "library": 0.8, "canteen": 0.9,
        "sports_ground": 0.6, "car_park": 0.9, "kitchen": 0.5,
    },
}  # fmt: skip
MANY = {
    "general_technological": {
        "classroom": (4, 15), "laboratory": (1, 4), "computer_room": (1, 3), "boarding_room": (-6, 4),
    },
    "vocational": {"classroom": (1, 7), "workshop": (2, 7), "computer_room": (1, 2), "boarding_room": (-8, 3)},
    "polyvalent": {
        "classroom": (3, 15), "workshop": (1, 5), "laboratory": (1, 3), "computer_room": (1, 3),
        "boarding_room": (-5, 4),
    },
    "agricultural": {
        "classroom": (3, 8), "workshop": (2, 5), "laboratory": (1, 2), "computer_room": (1, 2),
        "boarding_room": (2, 6),
    },
}  # fmt: skip
# Sections, micro-lycées: a few rooms in somebody else's building.
SMALL_ONCE = {"library": 0.2, "hall": 0.3}
SMALL_MANY = {"classroom": (6, 9), "workshop": (0, 2), "computer_room": (0, 1)}

LIKE = {"maritime": "vocational"}

WORKSHOPS = (
    "menuiserie", "électrotechnique", "mécanique automobile", "soudage", "couture", "peinture et décoration",
    "maçonnerie", "usinage", "coiffure", "logistique", "carrosserie", "vente",
)  # fmt: skip
LABORATORIES = ("physique", "chimie", "sciences de la vie", "sciences de l’ingénieur", "biotechnologies")
BUILDINGS = "ABCD"
FLOORS = ("rez-de-chaussée", "1er étage", "2e étage", "3e étage")


def rooms(kind: str, random: Random) -> list[Room]:
    """The rooms of a lycée of that kind, 6 to 40 of them, with distinct names."""
    kind = LIKE.get(kind, kind)
    made = list(_once(ONCE.get(kind, SMALL_ONCE), random))
    made += _many(MANY.get(kind, SMALL_MANY), random)
    short = FEWEST - len(made)
    if short > 0:
        taken = {room.name for room in made}
        made += [room for room in _classrooms(short + len(made), random) if room.name not in taken][:short]
    return made[:MOST]


def showcase(random: Random) -> list[Room]:
    """The rooms of the lycée whose manager has a demonstration account: every one lends by the hour."""
    once = dict.fromkeys(ONCE["polyvalent"], 1.0)
    made = [*_gymnasium(random, divisible=True)]
    made += [room for kind in once if kind != "gymnasium" for room in _of_kind(kind, random)]
    return made + list(_many({"classroom": (8, 8), "laboratory": (2, 2), "computer_room": (2, 2)}, random))


def _once(chances: dict[str, float], random: Random) -> Iterator[Room]:
    for kind, chance in chances.items():
        if random.random() < chance:
            yield from _of_kind(kind, random)


def _many(counts: dict[str, tuple[int, int]], random: Random) -> Iterator[Room]:
    for kind, (least, most) in counts.items():
        count = max(0, random.randint(least, most))
        if kind == "classroom":
            yield from _classrooms(count, random)
        else:
            yield from _numbered(kind, count, random)


NAMES = {
    "amphitheatre": "Amphithéâtre",
    "hall": "Salle polyvalente",
    "library": "Centre de documentation et d’information",
    "canteen": "Restaurant scolaire",
    "kitchen": "Cuisine pédagogique",
    "sports_ground": "Plateau sportif",
    "car_park": "Parc de stationnement",
    "laboratory": "Laboratoire de {}",
    "workshop": "Atelier {}",
    "computer_room": "Salle informatique {}",
    "boarding_room": "Chambre {}",
}


def _of_kind(kind: str, random: Random) -> Iterator[Room]:
    if kind == "gymnasium":
        yield from _gymnasium(random, divisible=random.random() < 0.6)
    else:
        yield _room(kind, NAMES[kind], random, **_habits(kind))


def _habits(kind: str) -> dict[str, int | bool]:
    """What is asked of those who want a room of this kind."""
    if kind in ("kitchen", "workshop"):
        return {"notice_hours": 7 * 24, "needs_verified": True}
    if kind == "boarding_room":
        return {"notice_hours": 14 * 24, "min_minutes": 12 * 60, "max_minutes": 14 * 24 * 60}
    return {}


def _gymnasium(random: Random, *, divisible: bool) -> Iterator[Room]:
    whole = _room("gymnasium", "Gymnase", random)
    if not divisible:
        yield whole
        return
    halves = ("Gymnase, moitié nord", "Gymnase, moitié sud")
    yield _with(whole, name="Gymnase entier", parts=halves)
    for half in halves:
        yield _with(
            whole,
            name=half,
            parts=(half,),
            capacity=whole.capacity // 2,
            area=whole.area // 2,
            hourly_rate=whole.hourly_rate // 2,
            hourly_value=whole.hourly_value // 2,
            about=f"Séparée de l’autre moitié par un rideau. {whole.about}",
        )


def _with(room: Room, **changes: object) -> Room:
    return Room(**{**room.__dict__, **changes})


def _classrooms(count: int, random: Random) -> Iterator[Room]:
    """`count` classrooms with numbers of their own: Salle B204, building B, second floor."""
    places = [(b, floor, n) for b in BUILDINGS[: 1 + count // 5] for floor in range(4) for n in range(1, 13)]
    for building, floor, number in sorted(random.sample(places, count)):
        yield _room(
            "classroom",
            f"Salle {building}{floor}{number:02d}",
            random,
            location=f"Bâtiment {building}, {FLOORS[floor]}",
            step_free=floor == 0 or random.random() < 0.4,
        )


def _numbered(kind: str, count: int, random: Random) -> Iterator[Room]:
    titles = {"workshop": WORKSHOPS, "laboratory": LABORATORIES}.get(kind)
    names = random.sample(titles, count) if titles else [str(number) for number in range(1, count + 1)]
    for name in names:
        floor = random.randrange(3)
        yield _room(
            kind,
            NAMES[kind].format(name),
            random,
            location=f"Bâtiment {random.choice(BUILDINGS)}, {FLOORS[floor]}",
            step_free=floor == 0 or random.random() < 0.5,
            **_habits(kind),
        )


def _room(kind: str, name: str, random: Random, **more: object) -> Room:
    model = MODELS[kind]
    step = 1 if model.people[1] < 50 else 10
    capacity = random.randrange(model.people[0], model.people[1] + 1, step)
    return Room(
        kind=kind,
        name=name,
        capacity=capacity,
        area=round(capacity * model.space_each),
        features=tuple(slug for slug, chance in model.features.items() if random.random() < chance),
        hourly_rate=model.value // 2 if random.random() < model.paid else 0,
        hourly_value=model.value,
        setup=model.cleanup // 2,
        cleanup=model.cleanup,
        about=model.about,
        **{"step_free": random.random() < 0.8, **more},  # type: ignore[arg-type]
    )


@dataclass(frozen=True)
class Pool:
    """Equipment to be made: a kind of the vocabulary and how many of it."""

    kind: str
    quantity: int
    description: str = "donnée de démonstration"


# Kind of equipment → chance of having it, bounds of the quantity, step.
EQUIPMENT = {
    "chaises": (0.9, 40, 120, 20),
    "tables": (0.7, 8, 30, 2),
    "bancs": (0.3, 4, 20, 2),
    "videoprojecteurs": (0.7, 2, 12, 1),
    "ecrans": (0.4, 1, 4, 1),
    "sono": (0.5, 1, 3, 1),
    "micros": (0.4, 2, 6, 1),
    "ordinateurs-portables": (0.3, 8, 24, 4),
    "grilles-exposition": (0.4, 6, 30, 2),
    "praticables": (0.2, 4, 16, 2),
    "barnums": (0.25, 1, 4, 1),
    "tapis-de-sol": (0.35, 10, 40, 5),
    "percolateurs": (0.3, 1, 2, 1),
}


def equipment(random: Random, *, everything: bool = False) -> list[Pool]:
    """What the lycée lends besides rooms."""
    return [
        Pool(kind, random.randrange(least, most + 1, step))
        for kind, (chance, least, most, step) in EQUIPMENT.items()
        if everything or random.random() < chance
    ]
