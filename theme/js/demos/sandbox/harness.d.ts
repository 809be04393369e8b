/** harness.py of the build, as text. */
declare module "*.py" {
  const text: string;
  export default text;
}
