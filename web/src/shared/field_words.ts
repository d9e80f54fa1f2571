/** A field's name in words. */
export function number_words(field: string): string {
  return field.replace(/^time_/, '').replaceAll('_', ' ');
}
