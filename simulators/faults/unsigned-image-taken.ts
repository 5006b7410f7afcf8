import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'unsigned-image-taken',
  defects: ['FW-03'],
  sentence: 'An unsigned image is installed.',
  hard: null,
  hooks: () => ({
    install: ({ image, version }, honest) => (image === 'unsigned' ? { ...honest, accepted: true, version } : honest),
  }),
};
