"""A processor that counts the words of texts."""

from wardian_sdk import Invalid, Processor


class NewPlugin(Processor):
    class Config:
        least: int = 1  # records of fewer words are dropped

    def process(self, record):
        text = record.data.get("text") if isinstance(record.data, dict) else None
        if not isinstance(text, str):
            raise Invalid("`data.text` must be a text")  # an error of this record alone
        words = len(text.split())
        if words < self.config.least:
            return None
        record.data["words"] = words
        return record
