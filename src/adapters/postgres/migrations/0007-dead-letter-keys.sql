-- Dead letters are sought by the trace id that their producer set as the record key.

-- hash: keys are of any length, and a btree refuses what is longer than a third of a page
create index dead_letters_record_key on assay.dead_letters using hash (record_key_text)
  where record_key_text is not null;
