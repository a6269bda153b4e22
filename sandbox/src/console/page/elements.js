/** How the page makes and changes elements. Text goes in as text, never as markup. */

export const byId = (id) => document.getElementById(id);

const isThere = (child) => child !== undefined && child !== false;

/** Makes these the children of an element: elements or texts of this page. Undefined and false ones are left out. */
export const fill = (parent, ...children) => parent.replaceChildren(...children.filter(isThere));

/** An element with a class and such children. */
export const element = (tag, className, ...children) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  fill(made, ...children);
  return made;
};

export const button = (label, className, press) => {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
};

/** Makes the children of a parent these, in this order, and touches only those that are not in their place. */
export const arrange = (parent, children) => {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  let place = parent.firstElementChild;
  for (const child of children) {
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
};

export const noAnswer = "The sandbox does not answer.";

/** Sends a request to the control endpoints. Resolves to what is wrong; undefined if nothing is. */
export const control = async (method, path, body) => {
  try {
    const response = await fetch(`/_sandbox/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    return response.ok ? undefined : (await response.json()).error;
  } catch {
    return noAnswer;
  }
};
