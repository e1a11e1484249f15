/** What ties a control to its title, its hint, and what is wrong with it. */
export interface Control {
  id: string;
  described: string | undefined;
  isWrong: boolean;
  title: string;
}
