import type { SystemGamedays } from '#chaos/contracts/gameday/incident.ts'

import { alder } from './alder.ts'
import { aspen } from './aspen.ts'
import { beech } from './beech.ts'
import { birch } from './birch.ts'
import { cedar } from './cedar.ts'
import { cherry } from './cherry.ts'
import { elm } from './elm.ts'
import { hazel } from './hazel.ts'
import { larch } from './larch.ts'
import { linden } from './linden.ts'
import { maple } from './maple.ts'
import { oak } from './oak.ts'
import { pine } from './pine.ts'
import { poplar } from './poplar.ts'
import { rowan } from './rowan.ts'
import { willow } from './willow.ts'
import { yew } from './yew.ts'

/** Every incident. Their names say nothing about them. */
export const gamedays: SystemGamedays = {
  traffic: { ordersPerSecond: 3, browsePerSecond: 5, quotesPerSecond: 1, readOrdersPerSecond: 1 },
  incidents: [
    alder,
    aspen,
    beech,
    birch,
    cedar,
    cherry,
    elm,
    hazel,
    larch,
    linden,
    maple,
    oak,
    pine,
    poplar,
    rowan,
    willow,
    yew,
  ],
}
