interface WithCode {
  readonly code: string;
}

/** The members of a union that may have a code. */
type WithThis<Of extends WithCode, Code extends string> = Of extends unknown
  ? Code extends Of['code']
    ? Of
    : never
  : never;

/** One template of words for each code of a union of data. */
export type Templates<Of extends WithCode, Text = string> = {
  readonly [Code in Of['code']]: (of: WithThis<Of, Code>) => Text;
};

/** The words for a member of the union. */
export function worded<Of extends WithCode, Text = string>(templates: Templates<Of, Text>): (of: Of) => Text {
  return (of) => (templates[of.code as Of['code']] as (one: Of) => Text)(of);
}
