/** How often a request to S3 is sent again. */
import { StandardRetryStrategy } from '@smithy/core/retry';

type Token = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[0];
type ErrorInfo = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[1];

/**
 * Enough for a storm of refusals of about a minute: the delays grow to 20 seconds and are cut at random. The budget of the SDK, 500 tokens of which each
 * such try takes 5, keeps a client from adding to the storm. Its adaptive mode may slow all that a client sends
 * down to one request in two seconds.
 */
const triesWhenSlowedDown = 10;

/** What goes wrong in other ways goes wrong again at once, or soon not any more; whoever asked has budgets of his own. */
const triesOtherwise = 5;

export class PatientRetries extends StandardRetryStrategy {
  constructor(private readonly most: number = triesWhenSlowedDown) {
    super(most);
  }

  override async refreshRetryTokenForRetry(
    token: Token,
    errorInfo: ErrorInfo,
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    const tries = errorInfo.errorType === 'THROTTLING' ? this.most : Math.min(this.most, triesOtherwise);
    // Whatever is thrown here, the SDK throws the error of the last try.
    if (token.getRetryCount() + 1 >= tries) throw new Error('It was tried often enough.');
    return super.refreshRetryTokenForRetry(token, errorInfo);
  }
}
