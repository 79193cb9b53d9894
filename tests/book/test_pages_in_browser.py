"""Every page of the book in a real browser, from disk and from a server."""

import itertools
import re

import pytest
import yaml

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

import numpy as np
from axe_playwright_python.sync_playwright import Axe

from nnlib.backprop_by_hand import hand_pass
from nnlib.computational_graph import Value
from nnlib.datasets import xor_quadrants
from nnlib.landscapes import stretched_bowl
from nnlib.network import accuracy, loss_and_gradients, network_2_3_2
from nnlib.optimizers import AdaGrad, Adam, GradientDescent, Momentum, optimize
from tests.conftest import ROOT

#: Of the race in chapter 6, as the figure names them.
RUNNERS = {
    "gradient descent": GradientDescent,
    "momentum": Momentum,
    "AdaGrad": AdaGrad,
    "Adam": Adam,
}

LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}
# Every rule of axe counts, best practice included. It must not fetch style sheets: from disk the
# browser forbids that, and the attempt would look like a fault of the page.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
# The visible half of a formula is hidden from assistive software, which reads the MathML beside it.
# It is half of a chapter's elements, and an empty box of its size saves axe half of its work.
EMPTIED = """() => {
  const formulas = [...document.querySelectorAll('.katex-html')];
  const sizes = formulas.map(e => e.getBoundingClientRect());
  formulas.forEach((e, k) => {
    e.replaceChildren();
    const [width, height] = [`${sizes[k].width}px`, `${sizes[k].height}px`];
    Object.assign(e.style, { display: 'inline-block', width, height });
  });
}"""
UNREAD = [[".katex-html"]]
# To compare colours is most of axe's work, and it comes out alike for texts that look alike in all
# that it looks at. So it is asked about the first of each, and about nothing that is marked AGAIN.
CONTRAST = ({"runOnly": ["color-contrast"]}, [*UNREAD, ["[data-again]"]])
AGAIN = """() => {
  const behind = new Map(), seen = new Set(), fresh = new Map();
  const plain = ['rgba(0, 0, 0, 0)', 'none', '1', 'static', 'none', 'normal', 'none', 'visible'];
  const backing = e => {
    if (!e) return '';
    if (!behind.has(e)) {
      const s = getComputedStyle(e);
      const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.position, s.filter,
        s.mixBlendMode, s.clipPath, s.visibility].filter((one, k) => one !== plain[k]);
      if (s.display === 'none') own.push('not shown');
      behind.set(e, [backing(e.parentElement), ...own].join());
    }
    return behind.get(e);
  };
  const look = e => {
    let any = false;
    if ([...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.matches('input')) {
      const s = getComputedStyle(e);
      const key = [backing(e), s.color, s.fontSize, s.fontWeight, s.textShadow].join();
      any = !seen.has(key);
      seen.add(key);
    }
    for (const child of e.children) any = look(child) || any;
    fresh.set(e, any);
    return any;
  };
  look(document.body);
  for (const [e, any] of fresh)
    if (!any && fresh.get(e.parentElement)) e.setAttribute('data-again', '');
}"""
# On a phone the colours are those of the light look; in the dark look they are all that differs.
REST = ({"rules": {"color-contrast": {"enabled": False}}}, UNREAD)
AXE_LOOKS = {
    "light": [CONTRAST, REST],
    "dark": [CONTRAST, ({"runOnly": ["link-in-text-block"]}, UNREAD)],
    "phone": [REST],
}
CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [
    "index.html",
    *(f"{one['file']}.html" for part in CONTENTS["parts"] for one in part["chapters"]),
    *("genindex.html", "py-modindex.html", "search.html"),
]


def pages_of(site):
    """Return the pages of a site, relative to its top."""
    names = sorted(
        path.relative_to(site).as_posix()
        for path in site.rglob("*.html")
        if not path.relative_to(site).parts[0].startswith("_")
    )
    assert "index.html" in names
    return names


class Watcher:
    """Writes down whatever goes wrong on a page."""

    def __init__(self, page, address):
        self.problems = []
        self.where = ""
        self.address = address
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.note(f"script error: {error}"))
        page.on("requestfailed", self.on_failure)
        page.on("request", self.on_request)
        page.on("response", self.on_response)

    def note(self, text):
        self.problems.append(f"{self.where}: {text}")

    def on_console(self, message):
        if message.type in ("error", "warning"):
            self.note(f"console {message.type}: {message.text}")

    def on_failure(self, request):
        # The browser drops what it was fetching when the next page is opened.
        if request.failure != "net::ERR_ABORTED":
            self.note(f"request failed: {request.url} ({request.failure})")

    def on_request(self, request):
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.note(f"asks elsewhere: {request.url}")

    def on_response(self, response):
        if response.status >= 400:
            self.note(f"answer {response.status}: {response.url}")


@pytest.fixture
def open_page(browser):
    """Return a function that opens a watched page in one of the looks."""
    contexts = []

    def start(address, look):
        context = browser.new_context(**LOOKS[look])
        contexts.append(context)
        page = context.new_page()
        return page, Watcher(page, address)

    yield start
    for context in contexts:
        context.close()


def assert_the_script_first_draws_the_still_frame(page, tolerance=0.0):
    """Compare what is printed, or seen without scripts, with what the script draws at first.

    The shapes are the same, and their numbers differ by no more than the tolerance.
    """
    still, live = (
        page.evaluate(
            "s => document.querySelector(s).innerHTML.replace(/>\\s+</g, '><').trim()", selector
        )
        for selector in (".interactive-still svg", ".interactive-drawing svg")
    )
    number = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
    assert number.sub("#", still) == number.sub("#", live), "the still frame is another one"
    pairs = list(zip(number.findall(still), number.findall(live), strict=True))
    assert len(pairs) > 10, "there is next to nothing in the frame"
    for one, other in pairs:
        close = one == other or abs(float(one) - float(other)) < tolerance
        assert close, f"the still frame has {one} where the script draws {other}"


def look_at(watcher, page, address, look, name):
    """Open a page, and write down what it asks for, complains of and shows wrongly."""
    watcher.where = name
    page.goto(address + name)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if over > 0:
        watcher.note(f"{over} pixels wider than the window")
    without = page.evaluate(
        "[...document.images]"
        ".filter(i => !i.alt.trim() || /^\\S+\\.(svg|png|jpe?g)$/.test(i.alt))"
        ".map(i => i.outerHTML)"
    )
    if without:
        watcher.note(f"pictures without a description: {without}")
    raw = page.evaluate(
        "[...document.querySelectorAll('.math')].filter(m => !m.querySelector('.katex-html')"
        " || m.querySelector('.katex-error')).map(m => m.textContent)"
    )
    if raw:
        watcher.note(f"mathematics that was not rendered: {raw}")
    theme = page.evaluate("document.documentElement.dataset.theme")
    if theme != ("dark" if look == "dark" else "light"):
        watcher.note(f"theme is {theme!r}")


def ask_axe(watcher, page, look):
    """Write down what axe objects to on the open page, also in what is folded away."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
    page.evaluate(EMPTIED)
    page.evaluate(AGAIN)
    for options, unread in AXE_LOOKS[look]:
        found = Axe().run(page, {"exclude": unread}, AXE_OPTIONS | options)
        for violation in found.response["violations"]:
            for node in violation["nodes"]:
                watcher.note(f"{violation['id']} ({violation['impact']}): {node['html'][:160]}")


@pytest.mark.parametrize("site", ["built_book", "built_sampler"])
def test_from_disk_no_page_asks_elsewhere_complains_or_overflows(site, request, open_page):
    folder = request.getfixturevalue(site)
    address = f"{folder.as_uri()}/"
    page, watcher = open_page(address, "light")
    for name in pages_of(folder):
        look_at(watcher, page, address, "light", name)
    assert watcher.problems == [], "\n".join(watcher.problems)


# On all pages together this takes minutes: each is its own group, for whichever process is free.
@pytest.mark.parametrize(
    ("look", "name"),
    [
        pytest.param(look, name, marks=pytest.mark.xdist_group(f"{name}, {look}"))
        for look in LOOKS
        for name in PAGES
    ],
)
def test_from_a_server_no_page_has_a_fault_and_axe_objects_to_nothing(
    built_book, look, name, open_page, serve
):
    address = serve(built_book)
    page, watcher = open_page(address, look)
    look_at(watcher, page, address, look, name)
    ask_axe(watcher, page, look)
    assert watcher.problems == [], "\n".join(watcher.problems)


@pytest.mark.parametrize("look", LOOKS)
def test_the_sampler_has_no_fault_and_axe_objects_to_nothing(built_sampler, look, open_page, serve):
    address = serve(built_sampler)
    page, watcher = open_page(address, look)
    for name in pages_of(built_sampler):
        look_at(watcher, page, address, look, name)
        ask_axe(watcher, page, look)
    assert watcher.problems == [], "\n".join(watcher.problems)


@pytest.mark.parametrize("style", ["color: #999", "background: #555", "opacity: 0.3"])
def test_one_pale_word_among_its_like_is_found(built_sampler, style, open_page):
    address = f"{built_sampler.as_uri()}/"
    page, watcher = open_page(address, "light")
    look_at(watcher, page, address, "light", "chapters/one.html")
    page.evaluate(
        "s => [...document.querySelectorAll('.bd-article p')].at(-1)"
        ".insertAdjacentHTML('beforeend', `<span style=\"${s}\">pale</span>`)",
        style,
    )
    ask_axe(watcher, page, "light")
    (problem,) = watcher.problems
    assert "color-contrast" in problem
    assert ">pale<" in problem


def test_axe_is_asked_about_every_page(built_book):
    assert sorted(PAGES) == pages_of(built_book)


def test_the_search_finds_a_word(built_sampler, serve, open_page):
    for address in (built_sampler.as_uri() + "/", serve(built_sampler)):
        page, watcher = open_page(address, "light")
        watcher.where = "search.html"
        page.goto(address + "search.html?q=telephone")
        hit = page.locator("#search-results li a").first
        hit.wait_for(timeout=10_000)
        assert "Differentiation" in hit.inner_text()
        page.wait_for_load_state("networkidle")
        assert watcher.problems == [], "\n".join(watcher.problems)
        hit.click()
        page.wait_for_url("**/chapters/one.html*")


def test_a_folded_answer_opens_with_the_keyboard_and_without_scripts(
    built_sampler, browser, open_page
):
    address = built_sampler.as_uri() + "/"
    page, _ = open_page(address, "light")
    page.goto(address + "chapters/one.html")
    answer = page.locator("details.dropdown p").last
    assert not answer.is_visible()
    page.locator("details.dropdown > summary").focus()
    page.keyboard.press("Enter")
    assert answer.is_visible()

    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "chapters/one.html")
    page.locator("details.dropdown > summary").click()
    assert page.locator("details.dropdown p").last.is_visible()
    assert page.locator(".interactive-still svg").is_visible()
    context.close()


def test_the_focus_can_be_seen_on_everything_the_tab_key_reaches(built_sampler, open_page):
    address = built_sampler.as_uri() + "/"
    page, _ = open_page(address, "light")
    page.goto(address + "chapters/one.html")
    unseen = []
    stops = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        state = page.evaluate(
            "() => { const e = document.activeElement; if (!e || e === document.body) return null;"
            " const s = getComputedStyle(e); return [e.outerHTML.slice(0, 120), s.outlineStyle,"
            " parseFloat(s.outlineWidth)]; }"
        )
        if state is None:
            break
        stops += 1
        html, style, width = state
        if style == "none" or width < 2:
            unseen.append(html)
    assert stops > 10
    assert unseen == []


def test_the_secant_turns_into_the_tangent(built_sampler, open_page):
    address = built_sampler.as_uri() + "/"
    page, watcher = open_page(address, "light")
    page.goto(address + "chapters/one.html")
    output = page.locator(".interactive-output")
    assert (
        output.inner_text() == "h = 10, slope of the secant = 0.30000, true slope 0.2, error 0.1."
    )
    assert_the_script_first_draws_the_still_frame(page)

    slider = page.get_by_label("step h")
    slider.focus()
    page.keyboard.press("Home")
    assert output.inner_text() == (
        "h = 0.001, slope of the secant = 0.20001, true slope 0.2, error 1.0 × 10⁻⁵."
    )
    assert slider.get_attribute("aria-valuetext") == "h = 0.001"
    page.get_by_label("central").check()
    assert output.inner_text().endswith("slope of the secant = 0.20000, true slope 0.2, error 0.")
    assert watcher.problems == [], "\n".join(watcher.problems)


def test_the_direction_turns_and_the_slope_is_the_gradient_times_it(built_book, open_page):
    address = built_book.as_uri() + "/"
    page, watcher = open_page(address, "light")
    page.goto(address + "chapters/02-gradients.html")
    output = page.locator(".interactive-output")
    ending = "−∇f to −80.1° (slope −4.06), the minimum lies at −15.9° (slope −1.77)."
    assert output.inner_text() == f"u points to 0° (slope −0.70), {ending}"
    assert_the_script_first_draws_the_still_frame(page)

    slider = page.get_by_role("slider", name="direction")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "−1°"
    page.keyboard.press("Home")
    # The opposite direction has the opposite slope.
    assert output.inner_text() == f"u points to −180° (slope 0.70), {ending}"
    page.get_by_role("radio", name="round bowl").check()
    assert output.inner_text().endswith(
        "−∇f to −33.7° (slope −7.21), the minimum lies at −33.7° (slope −7.21)."
    )
    assert watcher.problems == [], "\n".join(watcher.problems)


def test_the_descent_takes_its_start_and_rate_from_slider_keyboard_and_mouse(built_book, open_page):
    address = built_book.as_uri() + "/"
    page, watcher = open_page(address, "light")
    page.goto(address + "chapters/03-gradient-descent.html")
    output = page.locator(".interactive-output")
    assert output.inner_text() == (
        "Each step multiplies x by −0.8: it comes in from both sides in turn. "
        "After 20 steps x = 0.0288."
    )
    assert_the_script_first_draws_the_still_frame(page)

    slider = page.get_by_role("slider", name="learning rate")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "0.89"
    page.get_by_label("η =").fill("0.5")
    assert "one step is enough. After 20 steps x = 0." in output.inner_text()
    page.get_by_label("η =").fill("1")
    assert "the distance stays the same for ever. After 20 steps x = 2.5." in output.inner_text()
    page.get_by_label("start x =").fill("-1")
    assert output.inner_text().endswith("After 20 steps x = −1.")
    box = page.locator(".interactive-drawing svg").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 332 / 640, box["y"] + box["height"] / 2)
    assert page.get_by_label("start x =").input_value() in {"0", "-0"}

    page.get_by_role("radio", name="valley").check()
    assert "x₀ by 0.82 and x₁ by −0.8: the run comes in" in output.inner_text()
    page.get_by_label("η =").fill("0.21")
    assert "x₁ by −1.1: the run diverges" in output.inner_text()
    assert watcher.problems == [], "\n".join(watcher.problems)


def test_the_pass_fills_in_step_by_step_with_the_numbers_of_the_library(built_book, open_page):
    numbers = hand_pass([[-0.2, 0.3, -0.4], [0.1, -0.3, -0.4]], [0.2, 0.3], [-1, -1, 1], 1, 0.5)
    address = built_book.as_uri() + "/"
    page, watcher = open_page(address, "light")
    page.goto(address + "chapters/04-backprop-by-hand.html")
    output = page.locator(".interactive-output")
    assert output.inner_text().startswith("Step 0 of 14.")
    assert_the_script_first_draws_the_still_frame(page)

    page.get_by_role("button", name="next").click()
    assert output.inner_text().endswith("(−0.2) · (−1) + 0.3 · (−1) + (−0.4) · 1 = −0.5000")
    page.keyboard.press("End")
    assert output.inner_text().startswith("Step 14 of 14.")
    shown = page.locator(".interactive-drawing [data-name]").evaluate_all(
        "all => Object.fromEntries(all.map(e => [e.dataset.name, e.textContent]))"
    )
    for name, number in numbers.items():
        assert shown[name].endswith(f"{number:.4f}".replace("-", "−")), name
    assert page.get_by_role("button", name="next").get_attribute("aria-disabled") == "true"
    page.locator("[data-name=delta_1]").hover()
    assert page.locator(".pass-hover").inner_text().endswith("= −0.1769")
    page.keyboard.press("ArrowLeft")
    assert output.inner_text().startswith("Step 13 of 14.")
    page.get_by_role("button", name="start again").click()
    assert output.inner_text().startswith("Step 0 of 14.")
    assert watcher.problems == [], "\n".join(watcher.problems)


def test_the_film_of_a_training_run_plays_pauses_and_shows_the_numbers_of_the_library(
    built_book, open_page
):
    address = built_book.as_uri() + "/"
    page, watcher = open_page(address, "light")
    page.clock.install(time=0)
    page.goto(address + "chapters/05-xor.html")
    output = page.locator(".interactive-output")
    assert output.inner_text().startswith("3 units, biases: step 10400 of 10400, loss 0.132")
    # The weights of the frame come out of ten thousand steps: their last digits are the machine's.
    assert_the_script_first_draws_the_still_frame(page, tolerance=0.35)

    slider = page.get_by_role("slider", name="step")
    slider.focus()
    page.keyboard.press("Home")
    start = network_2_3_2(3)
    X, T, labels = (part[:50] for part in xor_quadrants())
    loss, _ = loss_and_gradients(start, X, T)
    right = round(50 * accuracy(start, X, labels))
    told = f"step 0 of 10400, loss {loss:.4f}, {right} of 50 samples right"
    assert told in output.inner_text()
    assert page.locator(".interactive-drawing .miss").count() == 50 - right
    assert page.locator(".interactive-drawing .one").count() == labels.sum()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "step 260"

    page.clock.pause_at(3_600_000)  # from here on the film runs by this clock alone
    button = page.locator(".interactive-steps button")
    button.click()
    assert button.inner_text().endswith("pause")
    page.clock.run_for(620)
    assert slider.input_value() == "5"
    page.keyboard.press("Enter")  # the button still has the focus
    assert button.inner_text().endswith("play")
    page.clock.run_for(2000)
    assert slider.input_value() == "5", "the film goes on after a pause"
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("Enter")
    page.clock.run_for(1400)
    assert slider.input_value() == "5", "still pictures are asked for, not a film"
    page.clock.run_for(200)
    assert slider.input_value() == "13"
    page.get_by_role("radio", name="50 units, S3’s penalty").check()
    assert output.inner_text().endswith("After this the numbers overflow.")
    page.get_by_role("radio", name="50 units, biases").check()
    assert "50 of 50 samples right" in output.inner_text()
    assert watcher.problems == [], "\n".join(watcher.problems)


def race_after_30_steps(rates, degrees):
    """What the figure says about the stretched bowl, turned by so many degrees, from nnlib."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    losses = {}
    for (name, rule), rate in zip(RUNNERS.items(), rates, strict=True):
        path = optimize(
            rule(rate), lambda w: turn @ stretched_bowl.gradient(w @ turn), turn @ [-7, 2], 30
        )
        losses[name] = float(stretched_bowl.value(path[-1] @ turn))
    winner = min(losses, key=losses.get)
    said = ", ".join(f"{name} {loss:.3g}" for name, loss in losses.items())
    return f"Step 30 of 30. Losses: {said}. {winner[0].upper()}{winner[1:]} leads."


def test_the_race_is_played_and_says_what_the_library_says(built_book, open_page):
    address = built_book.as_uri() + "/"
    page, watcher = open_page(address, "light")
    page.goto(address + "chapters/06-optimizers.html")
    output = page.locator(".interactive-output")
    assert output.inner_text() == (
        "Step 30 of 30. Losses: gradient descent 0.0133, momentum 0.0479, AdaGrad 7.2 × 10⁻⁴, "
        "Adam 0.102. AdaGrad leads."
    )
    assert_the_script_first_draws_the_still_frame(page)

    rates = (0.9, 0.05, 0.5, 0.1)
    for name, rate in zip(RUNNERS, rates, strict=True):
        page.get_by_label(f"{name} η =").fill(str(rate))
    assert output.inner_text() == race_after_30_steps(rates, 0)
    page.get_by_role("radio", name="turned").check()
    assert output.inner_text() == race_after_30_steps(rates, 30)

    slider = page.get_by_role("slider", name="step")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "step 0 of 30"
    assert "leads" not in output.inner_text()
    page.get_by_role("button", name="play").click()
    # Not read out at every step while it plays.
    assert output.get_attribute("aria-live") == "off"
    page.get_by_role("button", name="pause").click()
    assert output.get_attribute("aria-live") == "polite"
    assert output.inner_text() != race_after_30_steps(rates, 30)

    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="play").click()
    assert output.inner_text() == race_after_30_steps(rates, 30)
    page.get_by_role("radio", name="saddle").check()
    assert output.inner_text() == (
        "Step 50 of 50. Below the saddle: gradient descent since step 35, momentum since step 30, "
        "AdaGrad since step 8, Adam since step 6."
    )
    assert watcher.problems == [], "\n".join(watcher.problems)


def test_the_chain_takes_its_weight_and_activation_and_agrees_with_the_facts(built_book, open_page):
    address = built_book.as_uri() + "/"
    page, watcher = open_page(address, "light")
    page.goto(address + "chapters/07-vanishing-gradients.html")
    output = page.locator(".interactive-output")
    # Fact F2.3: 4.861e-04 over 5 links, 9.139e-14 over 20.
    assert output.inner_text() == (
        "Logistic, w = 1: the slope is 4.9 × 10⁻⁴ over 5 links and 9.1 × 10⁻¹⁴ over 20. "
        "The last link multiplies it by 0.225: it vanishes."
    )
    assert_the_script_first_draws_the_still_frame(page)

    slider = page.get_by_role("slider", name="weight")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "1.05"
    page.keyboard.press("ArrowLeft")
    page.get_by_role("radio", name="tanh").check()
    assert "0.0961 over 5 links and 0.0161 over 20." in output.inner_text()
    page.get_by_role("radio", name="ReLU").check()
    assert output.inner_text().endswith("multiplies it by 1: it keeps its size.")
    slider.fill("1.5")
    assert "7.59 over 5 links and 3330 over 20." in output.inner_text()
    assert output.inner_text().endswith("it explodes.")
    slider.focus()
    page.keyboard.press("End")
    assert output.inner_text().startswith("ReLU, w = 6: the slope is 7780 over 5 links")
    assert watcher.problems == [], "\n".join(watcher.problems)


def test_the_turns_hand_down_in_any_order_and_only_one_order_is_right(built_book, open_page):
    a, b = Value(2.0), Value(3.0)
    c = a * b
    y = c * (c + a)
    y.backward()
    address = built_book.as_uri() + "/"
    page, watcher = open_page(address, "light")
    page.goto(address + "chapters/08-computational-graph.html")
    output = page.locator(".interactive-output")
    assert output.inner_text() == "Nobody has had a turn. y starts with 1, all others with 0."
    assert_the_script_first_draws_the_still_frame(page)

    page.get_by_role("button", name="y hands down").focus()
    page.keyboard.press("Enter")
    assert output.inner_text().startswith("Turn 1 of 3: y has 1;")
    page.keyboard.press("Enter")  # a second turn does nothing
    assert output.inner_text().startswith("Turn 1 of 3: y has 1;")
    page.get_by_role("button", name="start again").click()

    right = []
    for order in itertools.permutations("ycd"):
        for name in order:
            page.get_by_role("button", name=f"{name} hands down").click()
        if f"a.grad = {a.grad:g} and b.grad = {b.grad:g}. Both are right" in output.inner_text():
            right.append("".join(order))
        else:
            assert f"but the slopes are {a.grad:g} and {b.grad:g}. Too early" in output.inner_text()
        page.get_by_role("button", name="start again").click()
    assert right == ["ydc"]
    assert watcher.problems == [], "\n".join(watcher.problems)


def test_the_left_end_of_a_wide_formula_can_be_reached_and_its_number_does_not_cover_it(
    built_sampler, open_page
):
    page, _ = open_page(built_sampler.as_uri() + "/", "phone")
    page.goto(built_sampler.as_uri() + "/chapters/one.html")
    page.evaluate("document.fonts.ready")
    boxes = page.evaluate(
        "[...document.querySelectorAll('div.math')].map(box => { box.scrollLeft = 0;"
        " const rect = e => e && e.getBoundingClientRect();"
        " const bases = [...box.querySelectorAll('.katex-html .base')].map(rect);"
        " const number = rect(box.querySelector('.eqno'));"
        " return { wide: box.scrollWidth > box.clientWidth, start: rect(box).left,"
        "  left: Math.min(...bases.map(b => b.left)), right: Math.max(...bases.map(b => b.right)),"
        "  number: number ? number.left : null }; })"
    )
    assert any(box["wide"] for box in boxes), "the sampler has no formula that scrolls"
    for box in boxes:
        assert box["left"] >= box["start"] - 1
        assert box["number"] is None or box["number"] >= box["right"] - 1


def test_a_script_is_loaded_only_where_its_figure_is(built_sampler):
    with_figure = (built_sampler / "chapters" / "one.html").read_text(encoding="utf-8")
    without = (built_sampler / "index.html").read_text(encoding="utf-8")
    assert "interactive/differentiation.js" in with_figure
    assert "interactive/differentiation.js" not in without


def test_what_no_page_needs_is_not_shipped(built_sampler):
    static = built_sampler / "_static"
    files = [path for path in static.rglob("*") if path.is_file()]
    assert not [path for path in files if path.suffix in (".map", ".ttf", ".po", ".mo")]
    assert not (static / "scripts" / "fontawesome.js").exists()
    total = sum(path.stat().st_size for path in files)
    assert total < 2_000_000, f"the pages ship {total} bytes beside themselves"
