import type { JSX } from "preact";

export function Brand(): JSX.Element {
  return (
    <span class="brand">
      <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 17.5h16" />
        <path d="M6 17.5a6 6 0 0 1 12 0" />
        <path d="M12 11.5V9" />
        <path d="M10 8.5h4" />
      </svg>
      <span class="brand-name">Frontdesk</span>
    </span>
  );
}
