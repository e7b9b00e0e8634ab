package dev.parley.session.conference;

/** Whether a region's media servers get conferences. */
public enum RegionState {
  /** They do. */
  OPEN,
  /** They get no new ones; those that are there go on. */
  ISOLATED
}
