import type { SyntaxNode, Word } from 'unbash';

/** Numbers as bash writes them, and the two subscripts that mean "all". */
const NUMBER = /^(?:[0-9][0-9a-zA-Z#@_]*|[@*]|)$/;
const COMPARES_NUMBERS = /^-(?:eq|ne|lt|le|gt|ge)$/;
/** `a[$(rm x)]` in any word: a number or a name to the many builtins that take one, and then bash runs what is in it. */
const SUBSCRIPT_WITH_CODE = /[A-Za-z_]\w*\[[^\]]*(?:\$\(|`)/;

/**
 * The part of `node` that bash would evaluate as code whatever quotes it was written in: to a shell with arrays, the value of a
 * variable in arithmetic or in a subscript may hold `a[$(…)]`, and `${!x}` and `${x@P}` expand what is in `x` once more.
 */
export function evaluatedPart(node: SyntaxNode): string | undefined {
  return inArithmetic(node) ?? inTest(node) ?? inExpansion(node);
}

function inArithmetic(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'ArithmeticWord':
      return NUMBER.test(node.value) ? undefined : node.value;
    case 'ArithmeticExpansion':
      return node.expression === undefined && /[^\s$()[\]]/.test(node.text) ? node.text : undefined;
    case 'Assignment':
      return notNumber(node.index);
    default:
      return undefined;
  }
}

function inTest(node: SyntaxNode): string | undefined {
  if (node.type === 'TestUnary' && /^-[vR]$/.test(node.operator)) {
    return /^\w+$/.test(node.operand.text) ? undefined : node.operand.text;
  }
  if (node.type !== 'TestBinary' || !COMPARES_NUMBERS.test(node.operator)) return undefined;
  return notNumber(node.left) ?? notNumber(node.right);
}

function inExpansion(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'Slice':
      return notNumber(node.offset) ?? notNumber(node.length);
    case 'ParameterExpansion':
      return node.prefix === '!' ? node.text : notNumber(node.index);
    case 'Transform':
      return node.operand.value === 'P' ? '@P' : undefined;
    case 'Word':
      return holdsSubscript(node) ? node.value : undefined;
    default:
      return undefined;
  }
}

/** An expansion of its own is read as what it is. */
function holdsSubscript({ value }: Word): boolean {
  return SUBSCRIPT_WITH_CODE.test(value) && !/^\$[({]/.test(value);
}

function notNumber(word: Word | undefined): string | undefined {
  return word === undefined || NUMBER.test(word.text.trim()) ? undefined : word.text;
}
