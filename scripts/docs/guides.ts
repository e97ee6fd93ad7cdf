import { wrap } from '#chaos/cli/ui/wrap.ts'
import type { Lab, Track } from '#chaos/contracts/lab.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { labs } from '#labs/index.ts'

import type { DocumentPart } from './block.ts'
import { markdownFence, markdownTable } from './markdown.ts'
import { timetable, type Plan } from './timetable.ts'

type GuidedTrack = Exclude<Track, 'first-steps'>

const guidedTracks = ['backend-reality', 'data-correctness', 'production-reality'] as const

/** Which labs fit together. The times follow from the minutes of the labs. */
const plans: Readonly<Record<GuidedTrack, readonly Plan[]>> = {
  'backend-reality': [
    {
      title: '90 minutes',
      minutes: 90,
      parts: [{ lab: 'reply-lost' }, { show: 'trust-no-status' }],
    },
    {
      title: 'Half a day',
      minutes: 210,
      parts: [
        { lab: 'slow-dependency' },
        { lab: 'reply-lost' },
        'pause',
        { lab: 'trust-no-status' },
        { show: 'retry-storm' },
        { show: 'half-open' },
      ],
    },
    {
      title: 'A day',
      minutes: 480,
      startsAt: 9,
      parts: [
        { lab: 'slow-dependency' },
        { lab: 'retry-storm' },
        'pause',
        { lab: 'half-open' },
        { lab: 'reply-lost' },
        'lunch',
        { lab: 'trust-no-status' },
        { lab: 'stalled-worker' },
        'pause',
        { lab: 'contract-drift' },
      ],
    },
  ],
  'data-correctness': [
    {
      title: '90 minutes',
      minutes: 90,
      parts: [{ lab: 'dual-write' }, { show: 'duplicate-delivery' }],
    },
    {
      title: 'Half a day',
      minutes: 210,
      parts: [
        { lab: 'dual-write' },
        { lab: 'duplicate-delivery' },
        'pause',
        { lab: 'oversell' },
        { show: 'zombie-lock' },
        { show: 'queue-amnesia' },
      ],
    },
    {
      title: 'A day',
      minutes: 480,
      startsAt: 9,
      parts: [
        { lab: 'dual-write' },
        { lab: 'duplicate-delivery' },
        'pause',
        { lab: 'double-submit' },
        { lab: 'oversell' },
        'lunch',
        { lab: 'queue-amnesia' },
        { lab: 'read-your-writes' },
        'pause',
        { show: 'zombie-lock' },
        { show: 'webhooks' },
        { show: 'failover' },
      ],
    },
  ],
  'production-reality': [
    {
      title: '90 minutes',
      minutes: 90,
      parts: [
        { lab: 'health-check-cascade' },
        { show: 'poison-message' },
        { show: 'graceful-shutdown' },
      ],
    },
    {
      title: 'Half a day',
      minutes: 210,
      parts: [
        { lab: 'poison-message' },
        { lab: 'health-check-cascade' },
        'pause',
        { lab: 'overload' },
        { show: 'graceful-shutdown' },
        { show: 'lock-queue' },
      ],
    },
    {
      title: 'A day',
      minutes: 480,
      startsAt: 9,
      parts: [
        { lab: 'poison-message' },
        { lab: 'health-check-cascade' },
        'pause',
        { lab: 'overload' },
        { lab: 'graceful-shutdown' },
        'lunch',
        { lab: 'lock-queue' },
        'pause',
        'game day',
      ],
    },
  ],
}

/** The generated parts of the guides. The guide to Backend Reality also has the lab that every timetable begins with. */
export function guideParts(): readonly DocumentPart[] {
  return guidedTracks.flatMap((track): readonly DocumentPart[] => {
    const file = `docs/guides/${track}.md`
    const withFirst = track === guidedTracks[0] ? ['first-steps', track] : [track]
    const members = labs.filter((lab) => withFirst.includes(lab.track))
    return [
      [file, 'timetables', () => timetables(track)],
      ...members.map(({ id }): DocumentPart => [file, id, () => guideToLab(id)]),
    ]
  })
}

function timetables(track: GuidedTrack): string {
  return plans[track]
    .map((plan) => `### ${plan.title}\n\n${timetable(plan, labs).trimEnd()}`)
    .join('\n\n')
}

/** What the data of a lab say about its learners. */
function guideToLab(id: string): string {
  const lab = findLab(labs, id)
  const { answers, right, because } = lab.prediction
  const guess = Math.round(100 / answers.length)
  return [
    aboutLab(lab),
    `**What learners predict.** The lab offers ${answers.length} answers, so a guess is right in ${guess} % of the cases. Each wrong answer is one that the author of the lab expects from learners.`,
    markdownTable(
      ['answer', 'right'],
      answers.map((answer, i) => [answer, i === right ? 'yes' : '']),
    ).trimEnd(),
    `Why: ${because}`,
    `**Where they get stuck.** ${lab.nearMisses.length} fixes look right and fail:`,
    markdownTable(
      ['fix', 'fails', 'why'],
      lab.nearMisses.map(({ name, fails, because: why }) => [`\`${name}\``, `\`${fails}\``, why]),
    ).trimEnd(),
    `The first of ${lab.hints.length} hints, for a pair that is stuck:`,
    // A fence, because hints contain commands.
    markdownFence('text', wrap(lab.hints[0] ?? '', 98)).trimEnd(),
  ].join('\n\n')
}

function aboutLab({ track, id, minutes, goal, buildsOn = [] }: Lab): string {
  const after = buildsOn.length === 0 ? '' : ` It builds on ${buildsOn.join(' and ')}.`
  return `[README](../../labs/${track}/${id}/README.md), ${minutes} minutes.${after} Goal: ${goal}`
}
