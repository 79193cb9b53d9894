/* The way back through a small graph, y = c·d with c = a·b and d = c + a: the reader says who hands
   down when. No library. The numbers come from nnlib: a cell of the chapter puts them on the page.
   The frame it draws first (nobody has had a turn) is also kept as computational-graph.svg. */
(() => {
  "use strict";

  // The drawing's own units; the picture is scaled to the width of the column.
  const WIDTH = 640, HEIGHT = 330, HALF = { x: 58, y: 38 };
  const PLACES = { a: [64, 66], b: [64, 276], c: [232, 190], d: [408, 66], y: [572, 190] };
  const minus = (number) => String(number).replace("-", "−");
  const list = (words) =>
    words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;

  const start = (figure, story) => {
    const names = Object.keys(PLACES);
    const movers = names.filter((name) => story.edges.some((edge) => edge.to === name));
    let grads, handed; // handed: what each had when its turn came, in the order of the turns

    const corner = (from, to) => {
      // Where the line from the middle of one box to that of another leaves the first.
      const [x, y] = PLACES[from], dx = PLACES[to][0] - x, dy = PLACES[to][1] - y;
      const t = Math.min(HALF.x / Math.abs(dx || 1e-9), HALF.y / Math.abs(dy || 1e-9));
      return [Math.round(x + t * dx), Math.round(y + t * dy)];
    };

    const arrow = (edge, now) => {
      const [x1, y1] = corner(edge.to, edge.from), [x2, y2] = corner(edge.from, edge.to);
      const length = Math.hypot(x2 - x1, y2 - y1);
      const ux = (x2 - x1) / length, uy = (y2 - y1) / length, r = Math.round;
      const wing = (side) =>
        `${r(x2 - 11 * ux - 5 * side * uy)} ${r(y2 - 11 * uy + 5 * side * ux)}`;
      const label = handed.has(edge.to)
        ? minus(handed.get(edge.to) * edge.slope)
        : `·${minus(edge.slope)}`;
      const look = now ? "share share-now" : handed.has(edge.to) ? "share share-done" : "share";
      return (
        `<path class="${look}" d="M${x1} ${y1}L${x2} ${y2}M${wing(1)}L${x2} ${y2}L${wing(-1)}"/>` +
        `<text class="number${now ? " now" : ""}" x="${r((x1 + x2) / 2)}" ` +
        `y="${r((y1 + y2) / 2) + 6}" text-anchor="middle">${label}</text>`
      );
    };

    const drawing = () => {
      const last = [...handed.keys()].pop();
      let out = story.edges.map((edge) => arrow(edge, edge.to === last)).join("");
      for (const name of names) {
        const [x, y] = PLACES[name];
        out +=
          `<rect class="unit" x="${x - HALF.x}" y="${y - HALF.y}" width="${2 * HALF.x}" ` +
          `height="${2 * HALF.y}" rx="9"/>` +
          `<text class="number" x="${x}" y="${y - 8}" text-anchor="middle">` +
          `${name} = ${minus(story.data[name])}</text>` +
          `<text class="number" x="${x}" y="${y + 22}" text-anchor="middle">` +
          `grad ${minus(grads[name])}</text>`;
      }
      return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="turns-drawing" ' +
        `viewBox="0 0 ${WIDTH} ${HEIGHT}">${out}</svg>`
      );
    };

    const verdict = () => {
      const leaves = names.filter((name) => !movers.includes(name));
      const found = list(leaves.map((name) => `${name}.grad = ${minus(grads[name])}`));
      const early = movers.filter((name) => handed.get(name) !== grads[name]);
      if (!early.length) {
        return ` All have had their turn: ${found}. Both are right: everybody waited for all that came in.`;
      }
      const wanted = list(leaves.map((name) => minus(story.gradients[name])));
      return (
        ` All have had their turn: ${found}, but the slopes are ${wanted}. Too early: ` +
        early
          .map((name) => `${name} handed down ${minus(handed.get(name))} and has ${minus(grads[name])} now`)
          .join("; ") +
        "."
      );
    };

    const live = document.createElement("div");
    live.className = "interactive-live";
    live.innerHTML =
      '<div class="interactive-drawing" aria-hidden="true"></div>' +
      '<div class="interactive-controls interactive-steps">' +
      '<button type="button">start again</button>' +
      movers.map((name) => `<button type="button" data-turn="${name}">${name} hands down</button>`).join("") +
      '</div><p class="interactive-output turns-output" role="status" aria-live="polite"></p>';
    const output = live.querySelector(".interactive-output");

    const show = (text) => {
      live.querySelector(".interactive-drawing").innerHTML = drawing();
      live.querySelectorAll("[data-turn]").forEach((button) => {
        button.setAttribute("aria-disabled", String(handed.has(button.dataset.turn)));
      });
      output.textContent = text;
    };
    const restart = () => {
      handed = new Map();
      grads = Object.fromEntries(names.map((name) => [name, name === story.output ? 1 : 0]));
      show(`Nobody has had a turn. ${story.output} starts with 1, all others with 0.`);
    };
    const turn = (name) => {
      if (handed.has(name)) return;
      const has = grads[name];
      handed.set(name, has);
      const shares = story.edges
        .filter((edge) => edge.to === name)
        .map((edge) => {
          grads[edge.from] += has * edge.slope;
          return `${edge.from} gets ${minus(has)} · ${minus(edge.slope)} = ${minus(has * edge.slope)}`;
        });
      show(
        `Turn ${handed.size} of ${movers.length}: ${name} has ${minus(has)}; ${list(shares)}.` +
          (handed.size === movers.length ? verdict() : ""),
      );
    };

    live.querySelector(".interactive-steps").addEventListener("click", (event) => {
      if (event.target.tagName !== "BUTTON") return;
      if (event.target.dataset.turn) turn(event.target.dataset.turn);
      else restart();
    });
    figure.querySelector(".interactive-still").after(live);
    figure.classList.add("interactive-started");
    restart();
  };

  const numbers = document.querySelector("script.turns-numbers");
  if (!numbers) return;
  const story = JSON.parse(numbers.textContent);
  document
    .querySelectorAll('.interactive[data-figure="computational-graph"]')
    .forEach((figure) => start(figure, story));
})();
