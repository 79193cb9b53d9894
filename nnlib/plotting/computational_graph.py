"""Pictures of chapter 8: a computational graph with its numbers, and the shape of a large one."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnlib.computational_graph import Value, topological_order
from nnlib.plotting._drawing import BLACK, BLUE, SERIES, VERMILION, new_figure, styled

#: What the picture shows beside the names: the look of its arrows, and what they carry.
_SHOWN = {
    "values": "forward: values in the boxes",
    "slopes": "on each arrow: the derivative of its head by its tail",
    "gradients": "backward: gradients in the boxes, shares on the arrows, turns in brackets",
}


@styled()
def computational_graph(
    values: Mapping[str, Value], places: Mapping[str, tuple[float, float]], show: str
) -> Figure:
    r"""Draw a small graph: a box for each value, an arrow for each use.

    Parameters
    ----------
    values : mapping from a name to a value of the graph
        The last is the output. Only what is named is drawn.
    places : mapping from a name to a place
        Where each box stands. Sources should be left of what is computed from them.
    show : str
        "values": what is in the boxes on the way forward. "slopes": the same, with the local
        derivative on each arrow. "gradients": the way back, with the share that each arrow carries
        and the turn of each box; call `backward` first.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> x = Value(3.0)
    >>> y = x * x
    >>> y.backward()
    >>> figure = computational_graph({"x": x, "y": y}, {"x": (0, 0), "y": (1, 0)}, "gradients")
    >>> sorted({text.get_text() for text in figure.axes[0].texts if text.get_text()})
    ['$x$: 6\n(2)', '$y$: 1\n(1)', '3']
    """
    if show not in _SHOWN:
        raise ValueError(f"`show` must be one of {', '.join(_SHOWN)}, but it is {show!r}.")
    names = {value: name for name, value in values.items()}
    *_, output = values.values()
    turns = {value: turn for turn, value in enumerate(reversed(topological_order(output)), 1)}
    series = SERIES[1] if show == "gradients" else SERIES[0]
    figure, (axes,) = new_figure(7.4, 3.7)
    for name, value in values.items():
        drawn: dict[str, int] = {}
        for source, slope in value.edges:
            if source not in names:
                continue
            origin = names[source]
            bend = 0.22 * drawn.get(origin, 0)  # a value may be used twice by one operation
            drawn[origin] = drawn.get(origin, 0) + 1
            ends = (places[origin], places[name])
            tail, head = reversed(ends) if show == "gradients" else ends
            axes.annotate(
                "",
                head,
                tail,
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": series.colour,
                    "linestyle": series.dashes,
                    "linewidth": 1.6,
                    "shrinkA": 26,
                    "shrinkB": 28,
                    "connectionstyle": f"arc3,rad={bend}",
                },
            )
            if show != "values":
                carried = slope * value.grad if show == "gradients" else slope
                middle = 0.5 * (np.array(places[origin]) + places[name]) + [0, bend]
                axes.annotate(
                    _told(carried),
                    tuple(middle),
                    ha="center",
                    va="center",
                    fontsize=11,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
                    zorder=4,
                )
        inside = f"${name} = {_told(value.data)}$"
        if show == "gradients":
            inside = f"${name}$: {_told(value.grad)}\n({turns[value]})"
        elif value.op:
            inside += f"\n({value.op.replace('*', '·', 1) if value.op == '*' else value.op})"
        axes.annotate(
            inside,
            places[name],
            ha="center",
            va="center",
            fontsize=12,
            bbox={"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": BLACK},
            zorder=5,
        )
    across, up = np.transpose(list(places.values()))
    _bare(axes)
    axes.set(xlim=(across.min() - 0.5, across.max() + 0.5), ylim=(up.min() - 0.55, up.max() + 0.55))
    axes.set_xlabel(_SHOWN[show])
    return figure


@styled()
def graph_overview(output: Value, leaf: Value, leaves: Mapping[str, Value]) -> Figure:
    """Draw a larger graph as dots and lines, with all that lies between one leaf and the output.

    Parameters
    ----------
    output : Value
    leaf : Value
        Its paths to the output are drawn thick and dashed.
    leaves : mapping from a name to a value of the graph
        Dots that get a name.

    Returns
    -------
    matplotlib.figure.Figure
        The legend counts the operations, and what the leaf acts on.

    Examples
    --------
    >>> a, b = Value(2.0), Value(3.0)
    >>> figure = graph_overview(a * b + a, b, {"a": a, "b": b})
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['2 leaves and constants', '2 operations', '2 of them depend on $b$']
    """
    order = topological_order(output)
    places = _places(order)
    touched = {leaf}
    for value in order:
        if any(source in touched for source, _ in value.edges):
            touched.add(value)
    figure, (axes,) = new_figure(7.4, 5.2)
    for value in order:
        for source, _ in value.edges:
            thick = source in touched and value in touched
            axes.plot(
                *zip(places[source], places[value], strict=True),
                color=VERMILION if thick else "#AAAAAA",
                linestyle="--" if thick else "-",
                linewidth=2.6 if thick else 1.0,
                zorder=2 if thick else 1,
            )
    kinds = {
        "leaves and constants": [value for value in order if not value.edges],
        "operations": [value for value in order if value.edges],
    }
    for (label, some), marker, colour in zip(
        kinds.items(), ("s", "o"), ("white", BLUE), strict=True
    ):
        axes.plot(
            *np.transpose([places[value] for value in some]),
            marker,
            color=colour,
            markeredgecolor=BLACK,
            markersize=8,
            label=f"{len(some)} {label}",
            zorder=3,
        )
    name = next((name for name, value in leaves.items() if value is leaf), "it")
    axes.plot(
        [],
        [],
        "--",
        color=VERMILION,
        lw=2.6,
        label=f"{len(touched) - 1} of them depend on ${name}$",
    )
    for name, value in leaves.items():
        x, y = places[value]
        axes.annotate(f"${name}$", (x - 0.16, y), ha="right", va="center", fontsize=10)
    _bare(axes)
    axes.margins(0.08, 0.06)
    axes.set_xlabel("from the leaves (left) to the output (right)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.13), ncols=3, columnspacing=1.0)
    return figure


def _places(order: list[Value]) -> dict[Value, tuple[float, float]]:
    """A column for each value, right of all its sources; in it, each near what it goes into."""
    uses: dict[Value, list[Value]] = {value: [] for value in order}
    for value in order:
        for source, _ in value.edges:
            uses[source].append(value)
    column: dict[Value, int] = {}
    for value in reversed(order):
        column[value] = min((column[use] for use in uses[value]), default=0) - 1
    height: dict[Value, float] = {}
    for number in sorted(set(column.values()), reverse=True):
        inside = [value for value in reversed(order) if column[value] == number]
        wished = {
            value: float(np.mean([height[use] for use in uses[value]])) if uses[value] else 0.0
            for value in inside
        }
        inside.sort(key=wished.__getitem__)
        for place, value in enumerate(inside):
            height[value] = place - (len(inside) - 1) / 2
        if len(inside) < 4:  # few: as near to their wishes as one step apart allows
            for place, value in enumerate(inside):
                floor = height[inside[place - 1]] + 1 if place else -np.inf
                height[value] = max(wished[value], floor)
    return {value: (float(column[value]), height[value]) for value in order}


def _bare(axes: Axes) -> None:
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set(xticks=[], yticks=[])


def _told(number: float) -> str:
    return f"{number:.4g}".replace("-", "−")
