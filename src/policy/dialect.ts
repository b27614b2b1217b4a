import type { HereDoc, SyntaxNode } from 'unbash';

/** `posix`: a shell that may be dash, busybox or ksh, so constructs which only bash knows are not trusted. */
export type Dialect = 'bash' | 'posix';

/** Syntax that other shells read as something else: to dash `((rm x))` is two subshells and `a &>f rm x` runs rm. */
const BASH_ONLY: ReadonlySet<string> = new Set<SyntaxNode['type']>([
  'AnsiCQuoted',
  'ArithmeticCommand',
  'ArithmeticFor',
  'ArrayValue',
  'CaseModification',
  'Coproc',
  'ExtendedGlob',
  'FileDescriptorVariable',
  'HereString',
  'LocaleString',
  'Names',
  'ProcessSubstitution',
  'Replace',
  'Select',
  'Slice',
  'TestCommand',
  'Transform',
  'Unknown',
]);

/** Whether a POSIX shell may read this piece of syntax differently than bash does. */
export function isBashOnly(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'Redirect':
      return node.operator.startsWith('&');
    case 'HereDoc':
      return isContinued(node);
    case 'Pipeline':
      return node.operators.includes('|&');
    case 'CaseItem':
      return node.terminator === ';&' || node.terminator === ';;&';
    case 'Assignment':
      return node.append === true || node.index !== undefined;
    case 'CommandExpansion':
      return node.text.startsWith('${');
    case 'ArithmeticExpansion':
      return node.text.startsWith('$[');
    default:
      return BASH_ONLY.has(node.type);
  }
}

/** bash joins lines at a backslash before it looks for the delimiter, busybox after: they disagree on where the document ends. */
function isContinued({ delimiter, body, closing }: HereDoc): boolean {
  if (delimiter === undefined || delimiter.quoted) return false;
  const length = closing === undefined ? delimiter.value.length : closing.end - closing.pos;
  return body.text.includes('\\\n') || length !== delimiter.value.length;
}
