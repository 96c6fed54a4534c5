import { effect } from "@preact/signals";
import { render } from "preact";
import "../shared/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/notices.css";
import "./styles/shell.css";
import "./styles/list.css";
import "./styles/search.css";
import "./styles/talk.css";
import "./styles/transcript.css";
import "./styles/message.css";
import "./styles/composer.css";
import "./styles/context.css";
import "./styles/calibration.css";
import "./styles/promises.css";
import "./styles/overlays.css";
import "./styles/signin.css";
import { DeskHttp } from "./api/http";
import { SocketLive } from "./api/live";
import { Alerts, BrowserBells } from "./state/alerts";
import { Clock } from "./state/clock";
import { deskOf } from "./state/signed_in";
import { Preferences } from "./state/preferences";
import { Session } from "./state/session";
import { App } from "./view/App";
import { AppContext } from "./view/context";

const http = new DeskHttp();
const session = new Session(http);
const preferences = new Preferences(localStorage);
const alerts = new Alerts(preferences, new BrowserBells());
const clock = new Clock(() => http.clockSkew);
const desk = deskOf({
  http,
  session,
  alerts,
  live: new SocketLive(),
  storage: sessionStorage,
  address: { read: () => location.hash, write: (hash) => (location.hash = hash) },
});

effect(() => {
  const { theme } = preferences.value;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
});
effect(() => {
  const waiting = session.status.value === "in" ? (desk.value?.lists.counts.value.queue ?? 0) : 0;
  document.title = waiting ? `(${waiting}) waiting · Frontdesk` : "Desk · Frontdesk";
});
addEventListener("hashchange", () => desk.value?.followAddress());
addEventListener("online", () => desk.value?.parts.live.open());

clock.start();
void session.resume();
render(
  <AppContext.Provider value={{ session, desk, preferences, alerts, clock }}>
    <App />
  </AppContext.Provider>,
  document.getElementById("desk")!,
);
