const FOCUSABLE = "button, textarea, a[href], [tabindex='0']";

/** Keeps the panel exactly where the keyboard leaves room, and the page under it still. Returns the undoing. */
export function coverPage(panel: HTMLElement): () => void {
  const page = document.documentElement;
  const overflow = page.style.overflow;
  const viewport = window.visualViewport;
  const fit = (): void => {
    if (!viewport) return;
    panel.style.setProperty("--visible-height", `${viewport.height}px`);
    panel.style.setProperty("--visible-top", `${viewport.offsetTop}px`);
    // With the keyboard up, the home indicator's strip is not there to be kept free.
    panel.classList.toggle("keyboard", viewport.height < window.innerHeight - 120);
  };
  page.style.overflow = "hidden";
  fit();
  viewport?.addEventListener("resize", fit);
  viewport?.addEventListener("scroll", fit);
  return () => {
    page.style.overflow = overflow;
    viewport?.removeEventListener("resize", fit);
    viewport?.removeEventListener("scroll", fit);
  };
}

/** Tab at the last control goes to the first, and the other way round. */
export function trapTab(event: KeyboardEvent, panel: HTMLElement): void {
  const controls = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const focused = (panel.getRootNode() as ShadowRoot).activeElement;
  const [from, to] = event.shiftKey ? [controls[0], controls.at(-1)] : [controls.at(-1), controls[0]];
  if (focused !== from && !(event.shiftKey && focused === panel)) return;
  event.preventDefault();
  to?.focus();
}
