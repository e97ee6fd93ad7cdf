import { expect, test } from 'vitest'

import { withoutColours } from '../testing/printers.ts'
