const PATHS = {
  overview: 'M3 12h3l2.500-7 4 14 3-10 1.500 3h4',
  pages: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5',
  distributions: 'M4 20V14M8 20V8M12 20V4M16 20v-9M20 20v-4',
  geography:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3.500 9h17M3.500 15h17M12 3c-5 5.500-5 12.500 0 18 5-5.500 5-12.500 0-18z',
  devices: 'M3 5h13v9H3zM7 18h5M9.500 14v4M18 9h4v11h-5v-6',
  compare: 'M8 4v16M16 4v16M4 8l4-4 4 4M12 16l4 4 4-4',
  navigations: 'M4 12h14M13 6l6 6-6 6',
  notes: 'M5 4h14v12l-4 4H5zM15 20v-4h4M9 9h6M9 12.500h4',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  consortium: 'M12 4v5M12 9H5v4M12 9h7v4M3 13h4v5H3zM17 13h4v5h-4zM10 13h4v5h-4zM12 9v4',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500c2.200.8 3.500 2.700 3.500 5.500',
  organizations: 'M4 21V6l7-3v18M11 9h9v12M2.500 21h19M7 8v.5M7 12v.5M7 16v.5M15 13v.5M15 17v.5',
  health: 'M12 20s-8-4.700-8-10.500A4.500 4.500 0 0 1 12 7a4.500 4.500 0 0 1 8 2.500C20 15.300 12 20 12 20z',
  replay: 'M4 12a8 8 0 1 1 2.500 5.800M4 20v-5h5',
  gateway: 'M4 12h5M15 6h5M15 18h5M9 12c4 0 2-6 6-6M9 12c4 0 2 6 6 6',
  trace: 'M5 4v16M12 4v16M19 4v16M5 8h7M12 13h7M19 17H5',
  explain:
    'M9.500 9a2.500 2.500 0 1 1 3.500 2.300c-.7.400-1 .9-1 1.700M12 16.500v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  setup: 'M8 8l-4 4 4 4M16 8l4 4-4 4M13.500 5l-3 14',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4.500 3.500-7 8-7s8 2.500 8 7',
  help: 'M9.500 9a2.500 2.500 0 1 1 3.500 2.300c-.7.400-1 .9-1 1.700M12 16.500v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5',
  filter: 'M4 6h16M7 12h10M10 18h4',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v5M16 3v5',
  down: 'M6 9l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  left: 'M15 6l-6 6 6 6',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M5 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0M11 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0M17 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  external: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  up: 'M12 19V6M6 11l6-6 6 6',
  falling: 'M12 5v13M6 13l6 6 6-6',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.500M12 19.500V22M2 12h2.500M19.500 12H22M5 5l1.700 1.700M17.300 17.300L19 19M19 5l-1.700 1.700M6.700 17.300L5 19',
  dark: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z',
  system: 'M3 4h18v12H3zM8 20h8M12 16v4',
  leave: 'M10 4H4v16h6M14 8l4 4-4 4M18 12H9',
  warning: 'M12 4l9.500 16h-19zM12 10v5M12 17.500v.5',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.500v.5',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  bookmark: 'M7 4h10v16l-5-4-5 4z',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  trash: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** A line icon of 24 × 24 units in the colour of the text. It is decoration: what it means stands beside it or in the label of the button. */
export const Icon = ({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) => (
  <svg
    class="icon"
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d={PATHS[name]} />
  </svg>
);
