package dev.parley.session.coordination.local;

import dev.parley.session.conference.QualityBoard;
import dev.parley.session.coordination.QualityBoardContract;

final class LocalQualityBoardTest extends QualityBoardContract {
  private final LocalQualityBoard board = new LocalQualityBoard(() -> 0);

  @Override
  protected QualityBoard board() {
    return board;
  }
}
