import { col, defineEntity } from '@clientele/core'

/** One row a tenant: another id whenever a definition changes, so that whoever cached them notices. */
export const SegmentEpoch = defineEntity(
  'segmentEpochs',
  { key: col.text().unique(), epoch: col.id() },
  { live: false, audited: false, description: 'The version of all segment definitions together.' },
)
