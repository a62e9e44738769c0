export { Award, type AwardRow } from './award/award.entity.ts'
export { loyalty } from './loyalty.plugin.ts'
