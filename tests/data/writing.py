"""An invented briefing, written as text, as a web page and as a PDF."""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import Any, NamedTuple

TITLE = "The Toll at Weir: Who Feeds the League?"
AUTHOR = "Ada Quill"


class Part(NamedTuple):
    """A heading or a paragraph."""

    text: str
    heading: bool = False


PARTS = (
    Part(
        "Harrow pays the League’s bread and lodging, and asks in return that the bridge at Weir stays open."
    ),
    Part("I. A Bargain on the River", heading=True),
    Part(
        "For nine winters the court of Harrow has let the League’s captains winter in its barns. It never "
        "signed a paper; the stewards simply left the doors unlocked, and the captains understood what "
        "that meant. In a hard season the barns hold six hundred men, their horses and their well-"
        "guarded chests, and nobody in the valley could feed them otherwise."
    ),
    Part(
        "The captains repay this with quiet. When the abbey of Weir raised its toll in 1839, it was "
        "the League that talked the carters out of burning the toll house, and it did so at the steward’s "
        "request."
    ),
    Part(
        "“We were asked, and we owed them,” one captain told the chronicler. “Had they threatened us, we "
        "would have gone the other way; a debt is not a leash.”"
    ),
    Part("But does the debt last?"),
    Part("II. What Marl Changed", heading=True),
    Part("A. Bread of Their Own?", heading=True),
    Part(
        "Since the League took Marl in August it has mills, a harbour and the salt tax. A harbour master "
        "reckons that the tax alone brings 4,300 crowns a year, which is more than the barns of Harrow were "
        "ever worth to the captains, and it comes without a steward’s conditions."
    ),
    Part("A letter from the abbey put it in these words:"),
    Part(
        "The men who begged for straw now sell us salt. They are civil, they pay their way, and they no "
        "longer take off their hats when the steward’s name is spoken."
    ),
    Part(
        "Harrow still holds three things that Marl cannot give: the surgeons of the upper valley, the passes "
        "to the south, and the families of most of the captains, who stayed behind when the men marched."
    ),
    Part(
        "The court should use what is left while it lasts. It could offer the captains a share of the toll "
        "in exchange for closing the road to the raiders, and say plainly what happens if they refuse."
    ),
)
PARAGRAPHS = [part.text for part in PARTS if not part.heading and not part.text.endswith(":")]
MENU = ("Home", "The Valley", "Trade", "Letters", "About us")


def as_text(parts: tuple[Part, ...] = PARTS) -> bytes:
    """A text with what a web site leaves around an article when it is copied."""
    around = ("Cheap boots Weir", "Tuesday, 3 May 1844", f"Home Trade {TITLE}", TITLE, f"By {AUTHOR}.", "17")
    below = (
        "Check Also",
        "The price of salt",
        "Salt rose again this week, and the mills of Marl …",
        "LEAVE A REPLY",
    )
    lines = (*around, *(part.text for part in parts), *below, "Please enter your comment!")
    return "\n\n".join(lines).encode()


def as_html(parts: tuple[Part, ...] = PARTS) -> bytes:
    """A page of a news site."""
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in MENU)
    body = "".join(
        f"<h2>{escape(part.text)}</h2>" if part.heading else f"<p>{escape(part.text)}</p>" for part in parts
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(TITLE)}</title>
<meta name="author" content="{AUTHOR}"><meta property="og:site_name" content="The Weir Gazette">
<meta property="og:title" content="{escape(TITLE)}">
<meta property="article:published_time" content="2020-05-03T08:00:00Z">
<link rel="canonical" href="https://gazette.example/toll"></head>
<body><header><nav><ul>{menu}</ul></nav></header>
<main><article><h1>{escape(TITLE)}</h1><p class="byline">By {AUTHOR}.</p>{body}</article>
<section id="comments" class="comments"><h3>Leave a reply</h3><form><textarea></textarea></form>
<p>Buy boots at my shop, they are the best boots in the whole of the valley.</p></section></main>
<aside><h3>Related articles</h3><ul>{menu}</ul></aside>
<footer><p>© 1844 The Weir Gazette. All rights reserved.</p></footer></body></html>""".encode()


def as_pdf(
    parts: tuple[Part, ...] = PARTS, *, columns: int = 1, indent: int = 0, notes: bool = True
) -> bytes:
    """A small page with running heads, page numbers, notes and marks of notes, so that there are several."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    width, height, edge = 300, 330, 30
    style = ParagraphStyle(
        "text",
        fontName="Times-Roman",
        fontSize=10,
        leading=12.5,
        firstLineIndent=indent,
        spaceAfter=0 if indent else 6,
        alignment=4,
    )
    head = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=13, leading=16, spaceAfter=4)

    def around(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(edge, height - 20, "The Weir Gazette | Briefing 7")
        canvas.drawCentredString(width / 2, 12, str(document.page))
        if notes:
            canvas.setFont("Times-Roman", 7)
            canvas.drawString(
                edge, 28, f"{document.page} Interview with a carter, Weir, May 18{document.page}4."
            )

    wide = (width - 2 * edge - 12 * (columns - 1)) / columns
    frames = [
        Frame(edge + number * (wide + 12), 42, wide, height - 72, 0, 0, 0, 0) for number in range(columns)
    ]
    out = BytesIO()
    document = BaseDocTemplate(out, pagesize=(width, height), title=TITLE, author=AUTHOR)
    document.addPageTemplates(PageTemplate(frames=frames, onPage=around))
    mark = '<super size="6">3</super>' if notes else ""
    texts = [
        Paragraph(
            escape(part.text, quote=False) + mark * part.text.endswith("otherwise."),
            head if part.heading else style,
        )
        for part in parts
    ]
    document.build([Paragraph(escape(TITLE), head), *texts])
    return out.getvalue()
