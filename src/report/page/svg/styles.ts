import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  type SymbolType,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';

/** How a series is drawn: told apart by shape and dashes where colours cannot be. */
export interface SeriesStyle {
  readonly color: string;
  /** Class by which a dark page takes another colour. */
  readonly name: string;
  readonly dash: string;
  readonly shape: SymbolType;
}

/** M. Okabe, K. Ito: Color Universal Design, 2008; grey in place of its black, and no yellow: that is lost on white. */
const COLORS = ['#0072B2', '#D55E00', '#009E73', '#AA4499', '#595959', '#B07D00', '#3A8FC4'] as const;
const DASHES = ['none', '7 3', '2 3', '9 3 2 3', '5 2', '12 3', '1 3'] as const;
const SHAPES = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
  symbolWye,
] as const;

/**
 * One style for each name, in the order in which they are first asked for. Names that begin alike (`REST, 10 kB`, `REST:
 * before`) have one colour, with dashes and shapes of their own.
 */
export interface Palette {
  styleOf(name: string): SeriesStyle;
}

export function createPalette(): Palette {
  const families = new Map<string, string[]>();
  return {
    styleOf(name) {
      const family = name.split(/, |: /, 1)[0]!;
      const names = families.get(family) ?? [];
      families.set(family, names);
      if (!names.includes(name)) names.push(name);
      return styleAt([...families.keys()].indexOf(family), names.indexOf(name));
    },
  };
}

function styleAt(family: number, member: number): SeriesStyle {
  const at = family % COLORS.length;
  // A second turn has the colours with other dashes and shapes.
  const turned = (family + member + Math.floor(family / COLORS.length)) % COLORS.length;
  return { color: COLORS[at]!, name: `c${at}`, dash: DASHES[turned]!, shape: SHAPES[turned]! };
}

/** @param area of the symbol, in square pixels */
export function symbolPath(shape: SymbolType, area: number): string {
  return symbol(shape, area)() ?? '';
}

export const INK = '#1d1d1f';
export const WEAK = '#5f6368';
export const RULE = '#d5d7db';
export const PAPER = '#ffffff';
export const ALARM = '#B3261E';
