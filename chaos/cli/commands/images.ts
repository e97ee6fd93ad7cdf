import type { AnyCommand, CommandEntry } from '../command.ts'
import { defineCommand } from '../command.ts'

export default defineCommand({
  about:
    'For a room full of people behind one Wi-Fi: everything that docker compose up needs, in one file to hand round.',
  examples: ['unhappy images save', 'unhappy images load unhappy-images-amd64.tar.gz'],
  subCommands: {
    save: entry('Write all images into one file', () => import('./images/save.ts')),
    load: entry('Read the images from such a file', () => import('./images/load.ts')),
  },
})

function entry(
  description: string,
  load: () => Promise<{ readonly default: AnyCommand }>,
): CommandEntry {
  return { description, load: async () => (await load()).default }
}
