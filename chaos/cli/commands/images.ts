import { commandEntry, defineCommand } from '../command.ts'

export default defineCommand({
  about:
    'For a class behind one Wi-Fi: all images that docker compose up needs, in one file that you can hand round.',
  examples: ['unhappy images save', 'unhappy images load unhappy-images.tar.gz'],
  subCommands: {
    save: commandEntry('Save all images in one file.', () => import('./images/save.ts')),
    load: commandEntry('Load images from a saved file.', () => import('./images/load.ts')),
  },
})
