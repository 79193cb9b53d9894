"""Keep every page self-contained.

The stock theme ships a 1.5 MB icon script that fetches nothing we need, source maps, fonts in
formats no present browser asks for, and reads search summaries in a way that browsers forbid for
pages opened from disk. The templates beside this file leave the icon script out; this module does
the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# What is never asked for by a page, relative to ``_static``.
UNUSED = (
    "scripts/fontawesome.js",
    "scripts/fontawesome.js.LICENSE.txt",
    "**/*.map",
    "**/*.ttf",
    "**/fa-brands-400.woff2",
    "locales/**/*.mo",
    "locales/**/*.po",
    "images/logo_*",
    "sbt-webpack-macros.html",
    "webpack-macros.html",
)

# A page opened from disk may not fetch another page, not even its neighbour.
SEARCH_FROM_DISK = (
    'if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;'
)


def drop_repeated_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Leave each script of a page in its list once.

    The theme adds the same inline declarations at several events, and a ``let`` or ``const`` that
    is declared twice stops the script.
    """
    seen: set[tuple[str | None, str | None]] = set()
    scripts = []
    for script in context.get("script_files", []):
        key = (
            getattr(script, "filename", str(script)) or None,
            getattr(script, "attributes", {}).get("body"),
        )
        if key not in seen:
            seen.add(key)
            scripts.append(script)
    context["script_files"] = scripts


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """Delete what the theme copied and no page uses."""
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    for pattern in UNUSED:
        for file in static.glob(pattern):
            file.unlink(missing_ok=True)
    # From the bottom up, so that a folder emptied by its subfolders goes too.
    for folder in sorted(static.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def remove_old_pages(app: Sphinx, exception: Exception | None) -> None:
    """Delete pages whose chapter is gone; Sphinx itself would leave them there."""
    if exception is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    present = {*app.env.all_docs, "genindex", "search", "py-modindex"}
    for page in out.rglob("*.html"):
        name = page.relative_to(out).with_suffix("").as_posix()
        if not name.startswith(("_static/", "_images/", "_downloads/")) and name not in present:
            page.unlink()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    # Jupyter Book sets this one even when the extension that owns it is not loaded.
    app.add_config_value("comments_config", {}, "")
    app.add_js_file(None, body=SEARCH_FROM_DISK, priority=450)
    app.connect("html-page-context", drop_repeated_scripts, priority=900)
    app.connect("build-finished", remove_unused)
    app.connect("build-finished", remove_old_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
