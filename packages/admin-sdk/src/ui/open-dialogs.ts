import { signal } from '@preact/signals'

/** The modal dialogs that are open, the topmost last: what must stay in reach belongs into that one. */
export const openDialogs = signal<readonly HTMLDialogElement[]>([])
