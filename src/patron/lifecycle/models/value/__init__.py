"""Value models: RFM scores and segments, ABC classes."""
