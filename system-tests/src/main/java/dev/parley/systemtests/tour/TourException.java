package dev.parley.systemtests.tour;

/** Something was not as documented: the tour ends here. */
final class TourException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TourException(String message) {
    super(message);
  }

  TourException(String message, Throwable cause) {
    super(message, cause);
  }
}
