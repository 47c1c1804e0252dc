"""What a run of the bench measured: a line as soon as it is known, all of it as JSON in the end."""

import json

MEASURED: dict[str, list[dict]] = {}
NUMBER = {int: "{:,}", float: "{:,.4g}"}


def tell(part: str, name: str, **figures: float | str | None) -> None:
    """One line of a part: figures by what they are called, their unit last in the name; a ratio's is `a_by_b`."""
    if part not in MEASURED:
        print(f"\n{part}", flush=True)
    MEASURED.setdefault(part, []).append({"name": name} | figures)
    told = (
        f"{key} {NUMBER.get(type(value), '{}').format(value)}" for key, value in figures.items() if value is not None
    )
    print(f"  {name:24} {'   '.join(told)}", flush=True)


def as_json() -> str:
    rounded = {
        part: [
            {key: round(value, 4) if isinstance(value, float) else value for key, value in line.items()}
            for line in lines
        ]
        for part, lines in MEASURED.items()
    }
    return json.dumps(rounded, ensure_ascii=False)
