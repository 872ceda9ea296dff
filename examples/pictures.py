"""Who depends on whom, as text that GitHub, a wiki or a notebook draws: Mermaid, and the same in words.

Needs nothing but the library. With the extra `graph`, `attendance graph FILE -o picture.svg` and `graph.svg()` draw at
once; name a folder, and this script writes its pictures there. What it prints is kept in expected/pictures.txt.
"""

import sys
from pathlib import Path

import attendance as at

case = at.load(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
graph = at.graph(case, scenario="mutual-loop")

print("Each of the two only if the other, and Zelensky only if Putin, in words:")
MEANING = {"+": "needs", "-": "is kept away by"}
for arrow in (a for a in graph.arrows if a.by):  # the others lead from members to groups, and to gatherings
    tail, head = graph.vertices[arrow.tail], graph.vertices[arrow.head]
    print(f"  {head.label} {MEANING.get(arrow.sign, 'waits for')} {tail.label}", end="")
    print(" (in a circle)" if arrow.circular else "", f"[{', '.join(arrow.by)}]")
for circle in graph.circles:
    print("  They wait for each other:", ", ".join(a.participant for a in circle))

print()


def shown(mermaid: str) -> str:
    """The drawing without its colours."""
    styles = ("class ", "classDef ", "linkStyle ")
    return "\n".join(line for line in mermaid.splitlines() if not line.lstrip().startswith(styles))


print("As Mermaid:")
print(shown(graph.mermaid()))
print()
print("Why Zelensky is absent, drawn from cause to effect:")
why = at.why(case, "zelensky")
print(shown(why.mermaid()))

if len(sys.argv) > 1:
    folder = Path(sys.argv[1])
    for name, picture in {"loop": graph, "why": why, "timeline": at.timeline(case)}.items():
        (folder / f"{name}.mmd").write_text(picture.mermaid(), encoding="utf-8")
        (folder / f"{name}.dot").write_text(picture.dot(), encoding="utf-8")
    print("written:", ", ".join(sorted(file.name for file in folder.iterdir())))
