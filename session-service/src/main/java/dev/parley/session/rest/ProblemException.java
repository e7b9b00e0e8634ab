package dev.parley.session.rest;

/** Ends the handling of a request with a problem. Has no stack trace, for it is no surprise. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.code(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
