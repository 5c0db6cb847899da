"""A paper as plain parts (title, notes, sections with a table), from which PDF, Word and Excel are written alike."""

from dataclasses import dataclass, field
from io import BytesIO

import docx
import pandas as pd
import xlsxwriter
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ..i18n import Language
from .papers import compiled

_SHEET_NAME = 31
_WIDEST = 60
_FORBIDDEN = str.maketrans("[]:*?/\\", "-------")


@dataclass(frozen=True)
class Section:
    """One part: a heading, sentences, and a table that may be empty; `widths` are relative, of the PDF."""

    title: str
    notes: tuple[str, ...] = ()
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole paper; `digest` of its content stands on each page."""

    title: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    digest: str = ""


def pdf(document: Document, language: Language) -> bytes:
    """The paper as PDF."""
    data = {
        "title": document.title,
        "notes": list(document.notes),
        "sections": [
            {
                "title": section.title,
                "notes": list(section.notes),
                "heads": [str(name) for name in section.table.columns],
                "rows": _cells(section.table),
                "widths": list(section.widths or (1.0,) * len(section.table.columns)),
            }
            for section in document.sections
        ],
    }
    return compiled("document.typ", data, document.digest, language)


def word(document: Document) -> bytes:
    """The paper as Word (docx), A4, tables with repeated heads left to Word."""
    out = docx.Document()
    _a4(out)
    out.add_heading(document.title, level=1)
    for note in document.notes:
        out.add_paragraph(note)
    for section in document.sections:
        out.add_heading(section.title, level=2)
        for note in section.notes:
            out.add_paragraph(note)
        if len(section.table):
            _word_table(out, section.table)
    if document.digest:
        out.sections[0].footer.paragraphs[0].text = document.digest
    held = BytesIO()
    out.save(held)
    return held.getvalue()


def excel(document: Document) -> bytes:
    """The paper as a workbook: a sheet of its own for each section; what could be a formula is text."""
    held = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, options) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        first = book.add_worksheet(_sheet(document.title, set()))
        first.set_column(0, 0, 100)
        for row, text in enumerate((document.title, *document.notes, document.digest)):
            first.write_string(row, 0, text, bold if row == 0 else wrap)
        used = {first.get_name()}
        for section in document.sections:
            sheet = book.add_worksheet(_sheet(section.title, used))
            used.add(sheet.get_name())
            top = len(section.notes) + 1
            for row, text in enumerate((section.title, *section.notes)):
                sheet.write_string(row, 0, text, bold if row == 0 else None)
            for column, name in enumerate(section.table.columns):
                cells = [str(name), *(str(v) for v in section.table[name])]
                sheet.set_column(column, column, min(max(map(len, cells)) * 1.6 + 2, _WIDEST))
                for row, cell in enumerate(cells):
                    sheet.write_string(top + row, column, cell, bold if row == 0 else wrap)
    return held.getvalue()


def _cells(table: pd.DataFrame) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in table.itertuples(index=False)]


def _a4(out: WordDocument) -> None:
    page = out.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    style = out.styles["Normal"]
    style.font.name, style.font.size = "Yu Gothic", Pt(9)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Yu Gothic")


def _word_table(out: WordDocument, table: pd.DataFrame) -> None:
    made = out.add_table(rows=1, cols=len(table.columns))
    made.style = "Table Grid"
    for cell, name in zip(made.rows[0].cells, table.columns, strict=True):
        cell.text = str(name)
    for row in table.itertuples(index=False):
        for cell, value in zip(made.add_row().cells, row, strict=True):
            cell.text = str(value)


def _sheet(title: str, used: set[str]) -> str:
    """A name that Excel takes, not one that is there already."""
    name = title.translate(_FORBIDDEN)[:_SHEET_NAME].strip("'") or "sheet"
    n = 2
    while name.lower() in {other.lower() for other in used}:
        tail = f" {n}"
        name, n = name[: _SHEET_NAME - len(tail)] + tail, n + 1
    return name
