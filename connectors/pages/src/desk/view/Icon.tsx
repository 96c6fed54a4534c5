import type { JSX } from "preact";

const PATHS = {
  web: ["M3 5.5h14v8.5h-7L6.5 17v-3H3z"],
  telegram: ["M3 9.8 17 4l-2.3 12.2-4.5-3.3-2.4 2.6-.3-4.3z", "m7.500 11.200 6-4.700"],
  slack: ["M7.500 3v14", "M12.500 3v14", "M3 7.500h14", "M3 12.500h14"],
  rest: ["M6.500 6 3 10l3.500 4", "M13.500 6 17 10l-3.500 4"],
  back: ["M12 4.500 6.500 10l5.500 5.500"],
  close: ["m5 5 10 10", "M15 5 5 15"],
  check: ["m4.500 10.500 3.500 3.500 7.500-8"],
  checks: ["m2 10.500 3.500 3.500 7-8", "m9.500 13 1 1 7.500-8"],
  clock: ["M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z", "M10 6.500V10l2.500 1.500"],
  warning: ["M10 3.500 17.500 16.500h-15z", "M10 8.500v3.500", "M10 14.300v.1"],
  send: ["M10 16V4.500", "m5 9 5-5 5 5"],
  details: ["M3.500 4.500h13v11h-13z", "M12.500 4.500v11"],
  bot: ["M4.500 7.500h11v8h-11z", "M10 7.500V4.500", "M7.800 11v1", "M12.200 11v1"],
  person: ["M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z", "M4 16.500c.6-3 3-4.500 6-4.500s5.400 1.500 6 4.500"],
  swap: ["M4 7h11l-3-3", "M16 13H5l3 3"],
  bell: ["M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500l1.200 1.500H4.300z", "M8.500 17h3"],
  keyboard: ["M2.500 5.500h15v9h-15z", "M6.500 11.500h7", "M5.500 8.500h.1", "M8.500 8.500h.1", "M11.500 8.500h.1", "M14.500 8.500h.1"],
  attachment: ["M6 3.500h6l3 3v10H6z", "M12 3.500v3h3"],
  clip: ["m15.5 9.500-5.600 5.600a3.300 3.300 0 0 1-4.700-4.700l6-6a2.200 2.200 0 0 1 3.100 3.100l-5.900 5.900a1.100 1.100 0 0 1-1.600-1.600l5.400-5.300"],
  eye: ["M2.500 10S5 5 10 5s7.500 5 7.500 5-2.500 5-7.500 5-7.500-5-7.500-5Z", "M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z"],
  search: ["M9 3.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11Z", "m13 13 4 4"],
  down: ["M10 4.500v11", "m5 11 5 5 5-5"],
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words: never the only carrier of a meaning, so hidden from screen readers. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      {PATHS[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
