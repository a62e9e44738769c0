/** Strokes on a square of 24. */
const STROKES = {
  dot: 'M12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  home: 'M4 11 12 4l8 7M6 10v10h12V10M10 20v-6h4v6',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4 3-6 8-6s8 2 8 6',
  users: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M2 21c0-4 3-6 7-6s7 2 7 6M16 4a4 4 0 0 1 0 7M18 15c3 1 4 3 4 6',
  cart: 'M3 4h3l2 12h10l2-8H7M9 21h.01M17 21h.01',
  box: 'M4 8l8-4 8 4v9l-8 4-8-4zM4 8l8 4 8-4M12 12v9',
  filter: 'M3 5h18l-7 8v6l-4 2v-8z',
  event: 'M13 3 5 14h6l-1 7 8-11h-6z',
  key: 'M8 15a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 11h9v4M17 11v3',
  gear: 'M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  chart: 'M4 20V10M10 20V4M16 20v-7M21 20H3',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5 21 21',
  check: 'm5 13 4 4L19 7',
  alert: 'M12 4 2 20h20zM12 10v4M12 17h.01',
  x: 'M6 6l12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  menu: 'M4 6h16M4 12h16M4 18h16',
  up: 'm6 15 6-6 6 6',
  down: 'm6 9 6 6 6-6',
  left: 'm15 6-6 6 6 6',
  right: 'm9 6 6 6-6 6',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5 19 19M5 19l1.5-1.5M17.5 6.5 19 5',
  moon: 'M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10z',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  columns: 'M4 5h16v14H4zM10 5v14M15 5v14',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14',
  out: 'M14 4h6v16h-6M10 8l-4 4 4 4M6 12h9',
  undo: 'M9 14 4 9l5-5M4 9h9a6 6 0 0 1 0 12H9',
  redo: 'm15 14 5-5-5-5M20 9h-9a6 6 0 0 0 0 12h4',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4',
  job: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l4 2',
} as const

/** A name of the icon set. */
export type IconName = keyof typeof STROKES

/** A drawing beside a text; alone it says nothing to those who do not see it. */
export function Icon({ name }: { readonly name: string }) {
  const strokes = STROKES[name as IconName] ?? STROKES.dot
  return (
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path d={strokes} />
    </svg>
  )
}
