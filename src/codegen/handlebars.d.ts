/** The same as `handlebars`, in one file: it loads in half the time. */
declare module "handlebars/dist/handlebars.js" {
  import Handlebars from "handlebars";
  export default Handlebars;
}
