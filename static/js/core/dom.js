// The document and htmx: the one module that knows the global of the vendored library.

export const find = (selector, from = document) => from.querySelector(selector);

// A request that fails is reported by failures.js; whoever asked has nothing to add.
export const ajax = (...asked) => htmx.ajax(...asked).catch(() => {});
// Puts HTML that was fetched otherwise into an element, with all that htmx finds in it.
export const fill = (element, html) => htmx.swap(element, html, { swapStyle: "innerHTML", settleDelay: 0 });
export const trigger = (element, event) => htmx.trigger(element, event);

// Whether a person started this request of htmx. What starts by itself has no event, or one that a script made.
export function isMeant({ requestConfig }) {
  const event = requestConfig?.triggeringEvent;
  if (event) return !(event instanceof CustomEvent);
  return Boolean(requestConfig) && !requestConfig.elt.matches("[hx-trigger], [data-tour]");
}
