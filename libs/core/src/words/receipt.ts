/** The stored answer of a request, so that the same request again gets the same answer and has no second effect. */

export interface Receipt {
  /** Made by whoever asks; unique among the requests of one caller, whose name it begins with. */
  requestId: string;
  /** When it was answered, in milliseconds. */
  at: number;
  answer: StoredAnswer;
}

/** What was answered, or the error that was. */
export type StoredAnswer = { body: unknown } | { refusal: { code: string; message: string; remedy?: string } };
