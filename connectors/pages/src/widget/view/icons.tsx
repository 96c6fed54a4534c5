import type { ComponentChildren, JSX } from "preact";

function Icon({ children, size = 20 }: { children: ComponentChildren; size?: number }): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      stroke-width="1.9"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const ChatIcon = (): JSX.Element => (
  <Icon size={26}>
    <path d="M20.5 11.6c0 4.2-3.8 7.6-8.5 7.6-1 0-2-.2-2.9-.4L4.4 20.5l1.3-3.6a7.2 7.2 0 0 1-2.2-5.3C3.5 7.4 7.3 4 12 4s8.5 3.4 8.5 7.6Z" />
    <path d="M8.6 11.7h.01M12 11.7h.01M15.4 11.7h.01" stroke-width="2.6" />
  </Icon>
);

export const CloseIcon = (): JSX.Element => (
  <Icon>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);

export const DownIcon = ({ size = 20 }: { size?: number }): JSX.Element => (
  <Icon size={size}>
    <path d="m6 9.5 6 6 6-6" />
  </Icon>
);

export const AttachIcon = (): JSX.Element => (
  <Icon>
    <path d="m19 11.4-7 7a4.2 4.2 0 0 1-6-6l7.6-7.5a2.8 2.8 0 0 1 4 4L10.200 16.300a1.400 1.400 0 0 1-2-2l6.800-6.700" />
  </Icon>
);

export const TelegramIcon = (): JSX.Element => (
  <Icon size={16}>
    <path d="M20.500 4.500 3.500 11.300l5.200 2 2 6 3-3.800 4.300 3.200ZM8.700 13.300l8.800-6.300-6.800 8.500" />
  </Icon>
);

export const SendIcon = (): JSX.Element => (
  <Icon>
    <path d="M12 19V5.5M6 11l6-6 6 6" />
  </Icon>
);

export const PersonIcon = ({ size = 18 }: { size?: number }): JSX.Element => (
  <Icon size={size}>
    <circle cx="12" cy="8" r="3.8" />
    <path d="M4.8 20c.8-3.7 3.6-5.6 7.2-5.6s6.4 1.9 7.2 5.6" />
  </Icon>
);

export const BotIcon = ({ size = 18 }: { size?: number }): JSX.Element => (
  <Icon size={size}>
    <path d="M5.5 18.5C4.5 11 9 5.5 19 5c.3 9.5-4.7 14.6-11.5 13.3M4.5 20.5c2-4.8 5-7.7 9-9.5" />
  </Icon>
);

export const SentIcon = (): JSX.Element => (
  <Icon size={14}>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);

export const SeenIcon = (): JSX.Element => (
  <Icon size={14}>
    <path d="m2 12.5 4.5 4.5L16 7.5M11.5 16.5l.5.5 9.5-9.5" />
  </Icon>
);

export const ClockIcon = ({ size = 14 }: { size?: number }): JSX.Element => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.5V12l3 2" />
  </Icon>
);

export const AlertIcon = ({ size = 14 }: { size?: number }): JSX.Element => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="8.8" />
    <path d="M12 7.8v4.7M12 16h.01" />
  </Icon>
);

export const TicketIcon = (): JSX.Element => (
  <Icon size={18}>
    <path d="M4 8.5V6.5h16v2a3.5 3.5 0 0 0 0 7v2H4v-2a3.5 3.5 0 0 0 0-7ZM14 6.5v11" />
  </Icon>
);

export const DoneIcon = (): JSX.Element => (
  <Icon size={18}>
    <circle cx="12" cy="12" r="8.8" />
    <path d="m8.3 12.3 2.6 2.6 4.9-5.3" />
  </Icon>
);

export const LinkIcon = (): JSX.Element => (
  <Icon size={18}>
    <path d="M13.5 4.5h6v6M19.5 4.5 11 13M17 13.5v6H4.5V7h6" />
  </Icon>
);

export const FileIcon = (): JSX.Element => (
  <Icon size={18}>
    <path d="M13.5 3.5h-7.5v17h12V8l-4.5-4.5ZM13.5 3.5V8H18M9 12.5h6M9 16h6" />
  </Icon>
);

export const OfflineIcon = (): JSX.Element => (
  <Icon size={16}>
    <path d="M3 4l17 17M5 11.5a11 11 0 0 1 4-2.3M19 11.5a11 11 0 0 0-5.5-2.7M8.3 15a6 6 0 0 1 5.5-1.5M12 19h.01" />
  </Icon>
);
