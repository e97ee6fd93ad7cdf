import type { PresentAction } from './present-state.ts'

/** What a key does in the presenter view. A remote control sends PageUp, PageDown, F5, and `b` or `.` for a black screen. */
export type KeyAction = Exclude<PresentAction, { type: 'mark' | 'go' }> | KeyCommand
export interface KeyCommand {
  readonly type: 'mark-here' | 'toggle-faults' | 'full-screen' | 'leave' | 'help'
}

export function actionOfKey(key: string, isShift: boolean): KeyAction | null {
  const number = /^[1-9]$/.test(key) ? Number(key) : null
  if (number !== null) return { type: 'marker', number }
  switch (key) {
    case ' ':
    case 'b':
    case '.':
      return { type: 'freeze' }
    case 'PageUp':
    case 'ArrowUp':
      return { type: 'previous' }
    case 'PageDown':
    case 'ArrowDown':
      return { type: 'next' }
    case 'ArrowLeft':
      return { type: 'move', byMs: isShift ? -10_000 : -1_000 }
    case 'ArrowRight':
      return { type: 'move', byMs: isShift ? 10_000 : 1_000 }
    case 'Home':
      return { type: 'earliest' }
    case 'End':
      return { type: 'live' }
    case 'm':
      return { type: 'mark-here' }
    case 'r':
      return { type: 'toggle-faults' }
    case 'f':
    case 'F5':
      return { type: 'full-screen' }
    case 'Escape':
      return { type: 'leave' }
    case '?':
      return { type: 'help' }
    default:
      return null
  }
}

/** For the list of keys. */
export const presentKeys = [
  [
    'Page Up, Page Down',
    'Previous or next moment: a fault, a first failure, a marker. When live, Page Down reveals hidden faults',
  ],
  ['← →', 'One second back or forward; with Shift ten seconds'],
  ['Space, b, .', 'Freeze; continue live'],
  ['Home, End', 'The earliest moment; live'],
  ['m', 'Mark this moment: discuss here'],
  ['1 to 9', 'Jump to a marker'],
  ['r', 'Hide or reveal the faults'],
  ['h', 'Halt: heal every fault'],
  ['t', 'Switch between the light and the dark theme'],
  ['f, F5', 'Full screen'],
  ['Esc', 'Leave the presenter view'],
] as const
