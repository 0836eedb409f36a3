/** Shows and hides what lies below it. */

interface OpenerProps {
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  /** What is shown, such as "log". */
  what: string;
}

export function Opener({ isOpen, setOpen, what }: OpenerProps) {
  return (
    <button type="button" className="button quiet tight" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
      {isOpen ? `Hide ${what}` : `Show ${what}`}
    </button>
  );
}
