// Draws a view. Everything is set as text: nothing in a result is markup.
import { hidden } from "./hidden.js";

const part = (id) => document.getElementById(id);

const eachHidden = new RegExp(hidden, "gu");

/** The text with control and hidden characters as their numbers: they could make it look like another one. */
const visible = (text) =>
  String(text ?? "").replace(eachHidden, (one) => `\\u{${one.codePointAt(0).toString(16)}}`);

const element = (name, text, className) => {
  const one = document.createElement(name);
  one.textContent = visible(text);
  if (className !== undefined) one.className = className;
  return one;
};

// Milliseconds before a button that agrees can be pressed: a click that was meant for what stood there before is no yes.
const guardMs = 600;

const button = ({ does, label, look = "plain", isGuarded }, onPress) => {
  const one = element("button", label, look);
  one.type = "button";
  const readyAt = performance.now() + (isGuarded ? guardMs : 0);
  one.addEventListener("click", () => {
    if (performance.now() >= readyAt) onPress(does);
  });
  return one;
};

const pairsOf = (facts) =>
  facts.flatMap(([label, value]) => [element("dt", label), element("dd", value)]);

const listOf = (label, items) => {
  if (items.length === 0) return [];
  const list = document.createElement("ul");
  list.replaceChildren(...items.map((text) => element("li", text)));
  return [element("h2", label), list];
};

/** Draws the view, and says it to those who do not see it; `onPress` gets what the pressed button does. */
export const draw = (view, onPress) => {
  const { tone, badge, kind, title, texts = [], facts = [], missing = [], actions = [] } = view;
  const card = part("card");
  card.dataset.tone = tone;
  card.setAttribute("aria-busy", String(view.busy === true));
  part("kind").textContent = visible(kind);
  part("title").textContent = visible(title);
  part("badge").textContent = visible(badge);
  part("text").replaceChildren(...texts.map((text) => element("p", text)));
  part("facts").replaceChildren(...pairsOf(facts));
  part("missing").replaceChildren(...listOf("Still missing to connect", missing));
  part("actions").replaceChildren(...actions.map((action) => button(action, onPress)));
  part("note").textContent = visible(view.note ?? "").trim();
  const said = [kind, title, badge, ...texts, ...missing].map(visible).join(". ");
  if (part("said").textContent !== said) part("said").textContent = said;
};

export const drawNote = (text) => {
  part("note").textContent = visible(text);
};

/** A button was pressed and is gone: the focus goes where the answer will be. */
export const focusTitle = () => part("title").focus();

/** The host's theme: its light or dark, and its variables as far as it gives them. */
export const applyTheme = ({ theme, styles }) => {
  const { style } = document.documentElement;
  if (theme === "light" || theme === "dark") style.colorScheme = theme;
  for (const [name, value] of Object.entries(styles?.variables ?? {}))
    if (/^--(color|font|border)-[a-z0-9-]+$/.test(name) && typeof value === "string")
      style.setProperty(name, value);
};

/** Calls back with the height (pixels) now and whenever it changes. */
export const watchHeight = (onHeight) => {
  const card = part("card");
  const report = () => onHeight(Math.ceil(card.getBoundingClientRect().height));
  new ResizeObserver(report).observe(card);
};
