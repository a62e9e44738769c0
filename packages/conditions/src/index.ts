export {
  all,
  any,
  atLeast,
  BuiltCondition,
  leaf,
  not,
  type ConditionLike,
} from './builder/built-condition.ts'
export { durationOf, windowOf, type DurationText } from './builder/built-time.ts'
export { fieldBuilders, where, type FieldBuilders } from './builder/field-builders.ts'
export * from './builder/questions.ts'
export { bottomBy, percentileBy, topBy, type Ranked } from './builder/ranking-builders.ts'
export * from './condition.errors.ts'
export * from './condition-type.ts'
export * from './condition.ts'
export * from './editor.ts'
export * from './environment.ts'
export { columnConditions, type ColumnLeaf } from './field/column-conditions.ts'
export { comparisonIssues, type ComparisonIssue } from './field/comparison-issues.ts'
export { compileComparison, evaluateComparison } from './field/comparison.ts'
export { editorField } from './field/editor-field.ts'
export { storedValue } from './field/field.ts'
export { jsonEditorFields } from './field/json-editor.ts'
export { jsonAt, type JsonComparison, type JsonKind } from './field/json-comparisons.ts'
export * from './field/json-key.ts'
export * from './field/json-value.ts'
export { storableText } from './field/storable-text.ts'
export { traitConditions, type TraitLeaf } from './field/trait-conditions.ts'
export type { Collection } from './facts/collection.ts'
export * from './facts/fact-watchers.ts'
export * from './facts/facts.ts'
export { answersQuery, compileCondition, membersQuery, type Among } from './language/compile.ts'
export { countQuery } from './language/count.ts'
export { evaluateCondition, nextChangeAt } from './language/evaluate.ts'
export * from './language/advise.ts'
export * from './language/explain.ts'
export { closedObject, jsonSchemaOf } from './language/json-schema.ts'
export { languageSchema } from './language/language-schema.ts'
export { growthOf, type Growth } from './language/growth.ts'
export { createLanguage, type Language } from './language/language.ts'
export { loadFacts, type FactsWanted } from './language/load-facts.ts'
export { ownerOf } from './language/owner-of.ts'
export { collectionsOf, dependenciesOf, entitiesOf, isTimed, leavesOf } from './language/walk.ts'
export { unknownName } from './language/nearest.ts'
export * from './ranking/measure.ts'
export { onceEach } from './ranking/once-each.ts'
export {
  rankEverybody,
  rankedLeaves,
  standingQuery,
  withStandings,
  type RankedLeaf,
} from './ranking/standings.ts'
export {
  rankingConditions,
  type PercentileLeaf,
  type RankingLeaf,
  type RankingType,
  type TopLeaf,
} from './ranking/ranking-conditions.ts'
export type { FieldKind, Operator } from './operator/operator.ts'
export type { Count } from './operator/count.ts'
export type { JsonType } from './operator/json-operators.ts'
export { findOperator, operatorsOf } from './operator/operators.ts'
export * from './sql-scope.ts'
export * from './window/window.ts'
export * from './words.ts'
