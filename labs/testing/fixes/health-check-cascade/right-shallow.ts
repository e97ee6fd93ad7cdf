// RIGHT. The probe answers the only question that a restart can fix: does this process still run its event loop? The handler
// runs in that loop, so a response is the proof, and a hang gives no response. It needs no other system and no
// time, whichever stores are away and for however long.
import type { Liveness } from '#services/api/seams.ts'

export const liveness: Liveness = async () => true
