/** What a site's own scripts may call once the widget is there. */
export interface FrontdeskApi {
  open(): void;
  close(): void;
  toggle(): void;
}

declare global {
  interface Window {
    Frontdesk?: FrontdeskApi;
  }
}
